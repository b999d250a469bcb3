using System.Buffers.Text;
using System.Text;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>
/// Spells one connection's claims into a buffer of its own: a fixed beginning, the buyer's credential, the idempotency
/// key, a fixed end. The same claim is spelled the same way each time, so a retry carries the same key.
/// </summary>
internal sealed class ClaimRequest
{
    private static readonly byte[] End = [.. "\r\n\r\n"u8, .. Body];

    private readonly Credentials _credentials;
    private readonly int _beginLength;
    private readonly byte[] _runId;
    private byte[] _buffer;

    /// <summary>The requests of this plan, with these credentials.</summary>
    public ClaimRequest(LoadPlan plan, Credentials credentials)
    {
        _credentials = credentials;
        _runId = Encoding.ASCII.GetBytes($"Idempotency-Key: {plan.RunId}-");
        _buffer = Encoding.ASCII.GetBytes(
            $"POST {RequestBytes.Head(plan.Server, $"/v1/sales/{plan.Sale}/orders")}"
            + $"Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n");
        _beginLength = _buffer.Length;
    }

    private static ReadOnlySpan<byte> Body => """{"quantity":1}"""u8;

    /// <summary>The bytes of a claim, valid until the next call.</summary>
    public ReadOnlyMemory<byte> For(int claim)
    {
        var credential = _credentials.LineFor(claim);
        Reserve(credential.Length);
        var rest = _buffer.AsSpan(_beginLength);
        credential.CopyTo(rest);
        rest = rest[credential.Length..];
        _runId.CopyTo(rest);
        rest = rest[_runId.Length..];
        Utf8Formatter.TryFormat(claim, rest, out var digits);
        rest = rest[digits..];
        End.CopyTo(rest);
        return _buffer.AsMemory(0, _buffer.Length - rest.Length + End.Length);
    }

    private void Reserve(int credentialLength)
    {
        const int MostDigits = 10;
        var needed = _beginLength + credentialLength + _runId.Length + MostDigits + End.Length;
        if (_buffer.Length < needed)
        {
            Array.Resize(ref _buffer, needed);
        }
    }
}
