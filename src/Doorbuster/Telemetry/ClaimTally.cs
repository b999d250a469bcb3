namespace Doorbuster.Telemetry;

/// <summary>
/// How many claims of one sale this node has answered since it started, by what was decided. Counting is one addition a
/// claim, whether anybody looks or not, so that whoever begins to look finds what happened before.
/// </summary>
/// <remarks>Any number of threads count and read at once; a reading is not of one moment.</remarks>
public sealed class ClaimTally
{
    private static readonly string[] Words =
        [.. Enum.GetValues<Outcome>().Select(outcome => TagValue.Of(outcome)), TagValue.OutcomeUnknown];

    private readonly long[] _counts = new long[Words.Length];

    /// <summary>Whether nothing has been counted; it costs nothing to ask.</summary>
    public bool IsEmpty => !Array.Exists(_counts, count => count > 0);

    /// <summary>The counts that are not zero, by the words of <see cref="TagValue.Of(Outcome?)"/>.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < Words.Length; i++)
        {
            if (Volatile.Read(ref _counts[i]) is var count and > 0)
            {
                counts[Words[i]] = count;
            }
        }

        return counts;
    }

    /// <summary>A claim was answered.</summary>
    /// <param name="outcome">What was decided; null where nobody can know it yet.</param>
    internal void Count(Outcome? outcome) =>
        Interlocked.Increment(ref _counts[(int?)outcome ?? Words.Length - 1]);
}
