using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>
/// One connection that sends any bytes, and takes answers as they come; it is made anew whenever the server has ended
/// it, and then says so.
/// </summary>
internal sealed class KeptConnection(Uri address) : IDisposable
{
    /// <summary>Nobody is left hanging for longer, on a machine that has other things to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;
    private bool _isUsed;
    private int _from;
    private int _to;

    /// <summary>Sends a request, and takes its answer.</summary>
    /// <param name="draft">The request.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="hasBody">Whether an answer has a body, as one to HEAD has not.</param>
    /// <returns>The answers; none where the server may end the connection without one, and did.</returns>
    /// <exception cref="TimeoutException">Nothing came.</exception>
    /// <exception cref="IOException">A connection that was new was ended without an answer.</exception>
    public async Task<IReadOnlyList<Answer>> AskAsync(Draft draft, byte[] bytes, bool hasBody)
    {
        // The server may end a connection that is idle, or tired of what came before; a new one has no such excuse.
        for (var mayRetry = _isUsed; ; mayRetry = false)
        {
            try
            {
                return await AskOnceAsync(draft, bytes, hasBody);
            }
            catch (Exception end) when (end is SocketException or EndOfStreamException)
            {
                Close();
                if (draft.EndsSending || draft.IsTooMuch)
                {
                    return [];
                }

                if (!mayRetry)
                {
                    throw new IOException("The connection ended without an answer.", end);
                }
            }
        }
    }

    public void Dispose() => Close();

    private async Task<IReadOnlyList<Answer>> AskOnceAsync(Draft draft, byte[] bytes, bool hasBody)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var socket = await OpenAsync(limit.Token);
            _isUsed = true;
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), limit.Token);
            }

            if (!draft.EndsSending)
            {
                var answer = await ReadAsync(hasBody, limit.Token);
                if (!draft.IsHttp)
                {
                    Close();
                }

                return [answer];
            }

            socket.Shutdown(SocketShutdown.Send);
            return await ReadAllAsync(hasBody, limit.Token);
        }
        catch (OperationCanceledException late)
        {
            Close();
            throw new TimeoutException($"Nothing came for {Patience.TotalSeconds} s.", late);
        }
    }

    private async Task<IReadOnlyList<Answer>> ReadAllAsync(bool hasBody, CancellationToken cancellationToken)
    {
        var answers = new List<Answer>();
        try
        {
            while (true)
            {
                answers.Add(await ReadAsync(hasBody, cancellationToken));
            }
        }
        catch (Exception end) when (end is SocketException or EndOfStreamException or ObjectDisposedException)
        {
            Close();
            return answers;
        }
    }

    private async Task<Answer> ReadAsync(bool hasBody, CancellationToken cancellationToken)
    {
        var lines = (await ReadHeadAsync(cancellationToken)).Split("\r\n");
        var headers = lines.Skip(1).Where(line => line.Length > 0)
            .Select(line => line.Split(':', 2))
            .GroupBy(parts => parts[0], parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(one => one.Key, one => string.Join(", ", one), StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var isStream = status == 101 || headers.GetValueOrDefault("Content-Type") == "text/event-stream";
        var body = !hasBody || isStream || status is 204 or 304 ? ""
            : headers.ContainsKey("Transfer-Encoding") ? await ReadChunksAsync(cancellationToken)
            : await ReadBodyAsync(
                int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture),
                cancellationToken);
        if (isStream || headers.GetValueOrDefault("Connection") == "close")
        {
            Close();
        }

        return new Answer("", status, headers, body);
    }

    private async Task<string> ReadHeadAsync(CancellationToken cancellationToken)
    {
        int at;
        while ((at = _buffer.AsSpan(_from, _to - _from).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync(cancellationToken);
        }

        return Take(at + 4);
    }

    private async Task<string> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        for (var left = length; left > 0;)
        {
            if (_from == _to)
            {
                await FillAsync(cancellationToken);
            }

            var count = Math.Min(left, _to - _from);
            text.Append(Encoding.Latin1.GetString(_buffer, _from, count));
            (_from, left) = (_from + count, left - count);
        }

        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.ToString()));
    }

    private async Task<string> ReadChunksAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = "";
            while (!line.EndsWith("\r\n", StringComparison.Ordinal))
            {
                line += await ReadBodyAsync(1, cancellationToken);
            }

            var size = int.Parse(line.AsSpan().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            text.Append(await ReadBodyAsync(size, cancellationToken));
            await ReadBodyAsync(2, cancellationToken);
            if (size == 0)
            {
                return text.ToString();
            }
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        var socket = _socket ?? throw new EndOfStreamException();
        var count = await socket.ReceiveAsync(_buffer.AsMemory(_to), cancellationToken);
        _to += count > 0 ? count : throw new EndOfStreamException();
    }

    private string Take(int count)
    {
        var text = Encoding.UTF8.GetString(_buffer, _from, count);
        _from += count;
        return text;
    }

    private async Task<Socket> OpenAsync(CancellationToken cancellationToken)
    {
        if (_socket is null)
        {
            _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

            // A reset leaves no port waiting; there will be tens of thousands of these.
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            await _socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port), cancellationToken);
        }

        return _socket;
    }

    private void Close()
    {
        _socket?.Dispose();
        (_socket, _isUsed, _from, _to) = (null, false, 0, 0);
    }
}
