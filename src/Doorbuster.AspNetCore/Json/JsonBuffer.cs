using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Doorbuster.AspNetCore.Json;

/// <summary>
/// A buffer and its writer, one a thread, used again for every answer. Between <see cref="Rent"/> and
/// <see cref="Dispose"/> nothing may be awaited.
/// </summary>
internal sealed class JsonBuffer : IDisposable
{
    /// <summary>A buffer that one large answer made larger than this is not kept.</summary>
    private const int MaxKeptBytes = 64 * 1024;

    [ThreadStatic]
    private static JsonBuffer? _kept;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    private JsonBuffer() => Writer = new Utf8JsonWriter(_bytes, Options);

    /// <summary>
    /// What we write is valid by construction. Letters of all scripts are written as they are; what would matter to
    /// HTML is escaped, wherever a page may put it.
    /// </summary>
    public static JsonWriterOptions Options { get; } =
        new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    /// <summary>Writes into the buffer.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            Writer.Flush();
            return _bytes.WrittenSpan;
        }
    }

    /// <summary>Takes this thread's buffer, or a new one.</summary>
    public static JsonBuffer Rent()
    {
        var buffer = _kept ?? new JsonBuffer();
        _kept = null;
        buffer._bytes.ResetWrittenCount();
        buffer.Writer.Reset();
        return buffer;
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (_bytes.Capacity <= MaxKeptBytes)
        {
            _kept = this;
        }
    }
}
