using System.Text;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>
/// What one connection's claims came to. Its connection alone writes; the progress display reads the totals meanwhile,
/// and may see one a moment before the other.
/// </summary>
internal sealed class Tally
{
    private readonly List<Refusal> _refusals = [];
    private int _orders;
    private int _queued;
    private int _refused;
    private int _unanswered;

    /// <summary>Claims that became an order that holds its units.</summary>
    public int Orders => Volatile.Read(ref _orders);

    /// <summary>Claims that were admitted, their order not committed yet.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Claims that were refused.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Claims given up without an answer.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Claims sent again.</summary>
    public int Retries { get; private set; }

    /// <summary>Sendings that got no answer.</summary>
    public int TransportErrors { get; private set; }

    /// <summary>When the last order was answered, a timestamp; 0 for never.</summary>
    public long LastOrderAt { get; private set; }

    /// <summary>When the first sold-out was answered, a timestamp; 0 for never.</summary>
    public long FirstSoldOutAt { get; private set; }

    /// <summary>When the last claim came to its end, a timestamp.</summary>
    public long LastDoneAt { get; private set; }

    /// <summary>Refusals by problem type.</summary>
    public IEnumerable<(string Name, int Count)> Refusals => _refusals.Select(refusal => (refusal.Name, refusal.Count));

    /// <summary>Counts a final answer.</summary>
    public void Count(HttpAnswer answer, long now)
    {
        LastDoneAt = now;
        switch (answer.Status)
        {
            case 200 or 201:
                LastOrderAt = now;
                Volatile.Write(ref _orders, _orders + 1);
                break;
            case 202:
                Volatile.Write(ref _queued, _queued + 1);
                break;
            default:
                CountRefusal(answer, now);
                break;
        }
    }

    /// <summary>Counts a claim given up without an answer.</summary>
    public void CountUnanswered(long now)
    {
        LastDoneAt = now;
        Volatile.Write(ref _unanswered, _unanswered + 1);
    }

    /// <summary>Counts a claim sent again.</summary>
    public void CountRetry() => Retries++;

    /// <summary>Counts a sending that got no answer.</summary>
    public void CountTransportError() => TransportErrors++;

    private void CountRefusal(HttpAnswer answer, long now)
    {
        var refusal = Find(ProblemBody.TypeName(answer.Body.Span), answer.Status);
        refusal.Count++;
        if (FirstSoldOutAt == 0 && refusal.Name == "sold-out")
        {
            FirstSoldOutAt = now;
        }

        Volatile.Write(ref _refused, _refused + 1);
    }

    // A crowd meets a handful of kinds, so a walk over them beats a hash, and needs no string a refusal.
    private Refusal Find(ReadOnlySpan<byte> type, int status)
    {
        foreach (var known in _refusals)
        {
            if (known.Status == status && type.SequenceEqual(known.Type))
            {
                return known;
            }
        }

        var refusal = new Refusal(type.ToArray(), status);
        _refusals.Add(refusal);
        return refusal;
    }

    private sealed class Refusal(byte[] type, int status)
    {
        public byte[] Type => type;

        public int Status => status;

        public string Name { get; } = type.Length > 0 ? Encoding.UTF8.GetString(type) : $"http-{status}";

        public int Count { get; set; }
    }
}
