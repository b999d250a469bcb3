using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>The codes with which scripts begin their answers: those of <c>standing.lua</c>.</summary>
internal enum GateCode
{
    Missing = 0,
    OtherEpoch = 1,
    Stands = 2,
    Fenced = 3,
    Damaged = 4,
    Older = 5,
}

/// <summary>What a script said of a gate.</summary>
/// <param name="Ending">Whether it said anything; the rest is empty where it did not.</param>
/// <param name="Code">How the gate stands.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="View">The stock, where it stands.</param>
/// <param name="Rest">What else was said.</param>
internal readonly record struct GateReply(
    Ending Ending, GateCode Code, long Epoch, StockView? View, ArraySegment<RedisResult> Rest)
{
    private const int Head = 4;

    /// <summary>
    /// Whether an earlier call of the same, of which nobody heard, may have been done by a gate for which this answer
    /// does not speak: it does not stand now, or the one that stands is of an earlier epoch (F02, F05).
    /// </summary>
    public bool IsInDoubt { get; init; }

    /// <summary>The first thing said besides, as bytes.</summary>
    public byte[] Bytes => (byte[]?)Rest[0] ?? [];

    /// <summary>Reads what a script answered.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="unheard">
    /// The latest epoch under which an earlier call of the same may have been done; null where none was.
    /// </param>
    public static GateReply Read(in Reply reply, long? unheard)
    {
        var ending = unheard is not null && reply.Ending == Ending.NotDone ? Ending.Unknown : reply.Ending;
        if (reply.Value is not { } value)
        {
            return new GateReply(ending, GateCode.Missing, 0, null, []);
        }

        var parts = (RedisResult[])value!;
        var code = (GateCode)(int)parts[0];
        var epoch = (long)parts[1];
        var said = code == GateCode.Stands
            ? new GateReply(
                ending, code, epoch, new StockView(epoch, (long)parts[2], (long)parts[3]), parts[Head..])
            : new GateReply(ending, code, epoch, null, []);
        return said with { IsInDoubt = unheard is { } earlier && (said.View is null || epoch < earlier) };
    }

    /// <summary>Whether nothing was admitted or freed between two looks.</summary>
    public bool SaysTheSameAs(in GateReply other) =>
        Code == other.Code && View == other.View && Rest.Select(Text).SequenceEqual(other.Rest.Select(Text));

    private static string? Text(RedisResult part) => (string?)part;
}
