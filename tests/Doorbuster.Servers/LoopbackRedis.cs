using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Doorbuster.Servers;

/// <summary>
/// A Redis of its own over a new folder, on a port of loopback, without persistence unless it is started with some. It
/// can be killed and started again over what it has on disk.
/// </summary>
public class LoopbackRedis : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("doorbuster-redis-");
    private string[] _settings = ["--save", "", "--appendonly", "no"];
    private ServerProcess? _process;

    /// <summary>The port it listens on, the same after a restart.</summary>
    public int Port { get; } = Loopback.NextPort();

    /// <summary>Where its data are.</summary>
    public string Folder => _folder.FullName;

    /// <summary>How it is reached.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts the server over what is in its folder; it answers once this returns.</summary>
    /// <param name="settings">From now on; those of the last start where none are given.</param>
    /// <exception cref="InvalidOperationException">Redis is not installed, or does not start.</exception>
    public async Task StartAsync(params string[] settings)
    {
        _settings = settings.Length > 0 ? settings : _settings;
        _process = await ServerProcess.StartAsync(
            Folder,
            Path.Combine(Folder, "log"),
            [
                "redis-server", "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
                "--dir", Folder, .. _settings,
            ]);
        await Waiting.UntilAsync("Redis answers", AnswersAsync);
    }

    /// <summary>Ends the server at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Stops the server where it is; its connections stay.</summary>
    public void Pause() => _process!.Signal(ServerProcess.SigStop);

    /// <summary>Lets it go on.</summary>
    public void Resume() => _process!.Signal(ServerProcess.SigContinue);

    /// <summary>Does something while the server stands still, and lets it go on whatever comes of it.</summary>
    public async Task<T> WhilePausedAsync<T>(Func<Task<T>> act)
    {
        Pause();
        try
        {
            return await act();
        }
        finally
        {
            Resume();
        }
    }

    /// <summary>Kills it and removes its folder.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process is { HasExited: true })
        {
            throw new InvalidOperationException(
                $"Redis ended at its start: {await File.ReadAllTextAsync(Path.Combine(Folder, "log"))}");
        }

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[5];
            await client.GetStream().ReadExactlyAsync(answer);
            return Encoding.ASCII.GetString(answer) == "+PONG";
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }
}
