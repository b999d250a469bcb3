using System.Text;
using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>A request on its way to be made wrong: everything about it can be changed, down to its bytes.</summary>
internal sealed class Draft(ContractCall call)
{
    public ContractCall Call => call;

    public string Method { get; set; } = call.Method;

    public string Path { get; set; } = call.Template;

    /// <summary>The parameters of the query as they are sent, each with its value.</summary>
    public List<string> Query { get; } = [];

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The body; none where null.</summary>
    public byte[]? Body { get; set; }

    public string? ContentType { get; set; } = call.MediaType.Length > 0 ? call.MediaType : null;

    /// <summary>How the body is signed; null where it is not.</summary>
    public Signing? Signing { get; set; }

    /// <summary>The lines that every request has.</summary>
    public string Host { get; set; } = "Host: test\r\n";

    /// <summary>What ends the line of the request.</summary>
    public string Version { get; set; } = "HTTP/1.1";

    /// <summary>What ends a line.</summary>
    public string LineEnd { get; set; } = "\r\n";

    /// <summary>Lines of the head as they are, each with its end.</summary>
    public string RawLines { get; set; } = "";

    /// <summary>The line that says how long the body is; the right one where null.</summary>
    public string? Length { get; set; }

    /// <summary>What is sent in place of the body, whatever its length says.</summary>
    public byte[]? Sent { get; set; }

    /// <summary>Whether it is no HTTP, so that its connection is of no more use.</summary>
    public bool IsLast { get; set; }

    /// <summary>
    /// Whether its sender says that nothing more will come: it would otherwise be waited for. The server may then
    /// take its sender to be gone.
    /// </summary>
    public bool EndsSending { get; set; }

    /// <summary>Whether the server may end the connection before it has read it all, and its answer be lost.</summary>
    public bool IsTooMuch { get; set; }

    /// <summary>Whether it is HTTP, however wrong.</summary>
    public bool IsHttp => !IsLast && !EndsSending && !IsTooMuch;

    /// <summary>The address, with its query.</summary>
    public string Target => Query.Count == 0 ? Path : $"{Path}?{string.Join('&', Query)}";

    /// <summary>Names the sale, order or problem that its address has a place for.</summary>
    public void Name(string id) => Path = call.Template.Replace("{id}", id).Replace("{name}", id);

    public void SetHeader(string name, params IEnumerable<string> values)
    {
        Headers.RemoveAll(header => header.Name == name);
        Headers.AddRange(values.Select(value => (name, value)));
    }

    /// <summary>Sends the body in chunks, well formed.</summary>
    public void Chunk(int size)
    {
        Length = "Transfer-Encoding: chunked\r\n";
        Sent =
        [
            .. (Signing?.Altered ?? Body ?? []).Chunk(size).SelectMany(piece =>
                (byte[])[.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8]),
            .. "0\r\n\r\n"u8,
        ];
    }

    /// <summary>The bytes of it.</summary>
    public byte[] ToBytes()
    {
        var head = new StringBuilder($"{Method} {Target} {Version}\r\n{Host}{RawLines}");
        foreach (var (name, value) in Headers.Concat(Signing?.Headers(Body ?? []) ?? []))
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (Body is not null)
        {
            head.Append(ContentType is null ? "" : $"Content-Type: {ContentType}\r\n");
            head.Append(Length ?? $"Content-Length: {Body.Length}\r\n");
        }

        head.Append("\r\n");
        var text = LineEnd == "\r\n" ? head.ToString() : head.ToString().Replace("\r\n", LineEnd);
        return [.. Encoding.UTF8.GetBytes(text), .. Sent ?? Signing?.Altered ?? Body ?? []];
    }

    /// <summary>The call as the contract's check knows it.</summary>
    public Call ToCall() => new(new HttpMethod(Method), Target) { Bytes = Body, ContentType = ContentType };
}

/// <summary>How an event is signed: genuine, unless something about it is made otherwise.</summary>
internal sealed record Signing(string Id, string Timestamp)
{
    public string Key { get; init; } = Keys.Webhook;

    /// <summary>The signature in place of the right one.</summary>
    public string? Signature { get; init; }

    /// <summary>What is sent in place of what was signed; it is as long.</summary>
    public byte[]? Altered { get; init; }

    /// <summary>Headers that are left out.</summary>
    public string? Without { get; init; }

    public IEnumerable<(string Name, string Value)> Headers(byte[] body)
    {
        (string Name, string Value)[] all =
        [
            ("webhook-id", Id),
            ("webhook-timestamp", Timestamp),
            ("webhook-signature", Signature ?? Event.Sign(Key, Id, Timestamp, body)),
        ];
        return all.Where(header => header.Name != Without);
    }
}
