using System.Buffers;
using System.Text.Json;
using Doorbuster.AspNetCore.Json;

namespace Doorbuster.AspNetCore.Problems;

/// <summary>A kind of refusal: what RFC 9457 calls a problem type.</summary>
internal sealed class ProblemKind
{
    /// <summary>What every problem type begins with.</summary>
    public const string TypeBase = "https://doorbuster.dev/problems/";

    /// <summary>A kind of problem.</summary>
    /// <param name="name">Its name, which ends its type.</param>
    /// <param name="status">The status it is answered with.</param>
    /// <param name="title">What a buyer reads.</param>
    /// <param name="meaning">What it means and what to do, for whoever looks the type up.</param>
    public ProblemKind(string name, int status, string title, string meaning)
    {
        Name = name;
        Status = status;
        Title = title;
        Meaning = meaning;
        Body = Render();
    }

    public string Name { get; }

    public int Status { get; }

    public string Title { get; }

    public string Meaning { get; }

    public string Type => TypeBase + Name;

    /// <summary>Whether the same request may succeed a moment later, and the answer says when.</summary>
    public bool IsPassing => Status is 429 or 503;

    /// <summary>The whole body of a problem of this kind that has nothing to add.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Begins a body of this kind; the caller adds its fields and ends the object.</summary>
    public void WriteStart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Type);
        json.WriteString("title"u8, Title);
        json.WriteNumber("status"u8, Status);
    }

    private byte[] Render()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, JsonBuffer.Options);
        WriteStart(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
