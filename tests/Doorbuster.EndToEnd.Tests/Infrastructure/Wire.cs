using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>
/// One connection, byte for byte: a test sees what was sent when, what was answered, and how the connection ended. No
/// request is ever sent a second time by itself.
/// </summary>
internal sealed class Wire : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _read;
    private int _taken;

    private Wire(Socket socket) => _socket = socket;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<Wire> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
            return new Wire(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A request as bytes; it has a Host and, with a body, a Content-Length.</summary>
    public static byte[] Request(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: test\r\n");
        foreach (var (name, value) in headers)
        {
            text.Append($"{name}: {value}\r\n");
        }

        if (body is not null)
        {
            var length = Encoding.UTF8.GetByteCount(body);
            text.Append($"Content-Type: application/json\r\nContent-Length: {length}\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(body).ToString());
    }

    /// <summary>A claim as bytes.</summary>
    public static byte[] Claim(string sale, string token, string key, int quantity) =>
        Request(
            "POST",
            $"/v1/sales/{sale}/orders",
            $$"""{"quantity":{{quantity}}}""",
            ("Purchase-Token", token),
            ("Idempotency-Key", key));

    /// <summary>Sends all of it.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads one whole answer.</summary>
    /// <exception cref="IOException">The connection ended before.</exception>
    /// <exception cref="SocketException">The connection was reset.</exception>
    public async Task<Answer> ReadAnswerAsync()
    {
        var head = (await ReadUntilAsync("\r\n\r\n"u8.ToArray())).Split("\r\n");
        var headers = head.Skip(1).Where(line => line.Length > 0)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        var status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        return new Answer("A request on the wire", status, headers, await ReadAsync(length));
    }

    /// <summary>Reads until the server ends the connection, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Waiting.Patience);
        var text = new StringBuilder();
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(_buffer, SocketFlags.None, limit.Token)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(_buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // A reset ends a connection too; what came before it counts.
        }

        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadUntilAsync(byte[] end)
    {
        int at;
        while ((at = _buffer.AsSpan(_taken, _read - _taken).IndexOf(end)) < 0)
        {
            await FillAsync();
        }

        return Take(at + end.Length);
    }

    private async Task<string> ReadAsync(int length)
    {
        while (_read - _taken < length)
        {
            await FillAsync();
        }

        return Take(length);
    }

    private async Task FillAsync()
    {
        if (_taken == _read)
        {
            _taken = _read = 0;
        }

        using var limit = new CancellationTokenSource(Waiting.Patience);
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_read), SocketFlags.None, limit.Token);
        if (count == 0)
        {
            var before = Encoding.UTF8.GetString(_buffer, _taken, _read - _taken);
            throw new IOException($"The connection ended after '{before}'.");
        }

        _read += count;
    }

    private string Take(int length)
    {
        var text = Encoding.UTF8.GetString(_buffer, _taken, length);
        _taken += length;
        return text;
    }
}
