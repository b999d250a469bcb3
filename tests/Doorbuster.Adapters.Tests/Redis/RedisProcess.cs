using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Doorbuster.Redis;
using Doorbuster.Servers;
using StackExchange.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>A Redis server of its own, on loopback and over a folder that goes with it.</summary>
public sealed class RedisProcess : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("doorbuster-redis-");
    private readonly int _port = Loopback.NextPort();
    private string[] _settings = ["--save", "", "--appendonly", "no"];
    private ServerProcess? _process;
    private ConnectionMultiplexer? _connection;

    public int Port => _port;

    /// <summary>A connection for what tests do to the server themselves.</summary>
    public IDatabase Database => Connection.GetDatabase();

    public IConnectionMultiplexer Connection => _connection!;

    public string Folder => _folder.FullName;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        _connection = await ConnectAsync();
        await ReconnectedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    public Task<ConnectionMultiplexer> ConnectAsync(int? port = null) => RedisServer.ConnectAsync(
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port ?? _port}"));

    /// <summary>Starts the server over what is in its folder.</summary>
    /// <param name="settings">From now on; those of the last start where none are given.</param>
    public async Task StartAsync(params string[] settings)
    {
        _settings = settings.Length > 0 ? settings : _settings;
        _process = await ServerProcess.StartAsync(
            Folder,
            Path.Combine(Folder, "log"),
            [
                "redis-server", "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
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

    /// <summary>Waits until the tests' own connection is there, also after a restart.</summary>
    public Task ReconnectedAsync() => Waiting.UntilAsync(
        "the connection to Redis is back",
        async () =>
        {
            try
            {
                await Database.PingAsync();
                return true;
            }
            catch (Exception fault) when (fault is RedisException or TimeoutException)
            {
                return false;
            }
        });

    /// <summary>
    /// Asks by the tests' own connection, again where that broke: on a busy machine the client gives one up that was
    /// only slow. For what may be done twice.
    /// </summary>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> question)
    {
        while (true)
        {
            try
            {
                return await question(Database);
            }
            catch (RedisConnectionException)
            {
                await ReconnectedAsync();
            }
        }
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
            await client.ConnectAsync("127.0.0.1", _port);
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
