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

    /// <summary>The first thing said besides, as bytes.</summary>
    public byte[] Bytes => (byte[]?)Rest[0] ?? [];

    /// <summary>Reads what a script answered.</summary>
    public static GateReply Read(Reply reply)
    {
        if (reply.Value is not { } value)
        {
            return new GateReply(reply.Ending, GateCode.Missing, 0, null, []);
        }

        var parts = (RedisResult[])value!;
        var code = (GateCode)(int)parts[0];
        var epoch = (long)parts[1];
        return code == GateCode.Stands
            ? new GateReply(
                reply.Ending, code, epoch, new StockView(epoch, (long)parts[2], (long)parts[3]), parts[Head..])
            : new GateReply(reply.Ending, code, epoch, null, []);
    }

    /// <summary>Whether nothing was admitted or freed between two looks.</summary>
    public bool SaysTheSameAs(in GateReply other) =>
        Code == other.Code && View == other.View && Rest.Select(Text).SequenceEqual(other.Rest.Select(Text));

    private static string? Text(RedisResult part) => (string?)part;
}
