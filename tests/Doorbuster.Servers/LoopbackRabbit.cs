using System.Globalization;
using System.Net.Sockets;

namespace Doorbuster.Servers;

/// <summary>
/// A RabbitMQ of its own over a folder that goes with it; it, its port mapper (epmd) and Erlang's distribution listen
/// on loopback alone.
/// </summary>
public class LoopbackRabbit : IAsyncDisposable
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("doorbuster-rabbit-");
    private readonly int _port = Loopback.NextPort();
    private readonly int _mapperPort = Loopback.NextPort();
    private readonly int _distributionPort = Loopback.NextPort();
    private ServerProcess? _mapper;
    private ServerProcess? _server;

    /// <summary>How it is reached.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{_port}"));

    /// <summary>The port it listens on, the same after a restart.</summary>
    public int Port => _port;

    private string Folder => _folder.FullName;

    /// <summary>Starts it for the first time; it answers once this returns.</summary>
    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "plugins"), "[].");
        _mapper = await ServerProcess.StartAsync(
            Folder, Path.Combine(Folder, "epmd.log"), ["epmd", "-port", Text(_mapperPort), "-address", "127.0.0.1"]);
        await StartAsync();
    }

    /// <summary>Kills it and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await KillAsync();
        if (_mapper is { } mapper)
        {
            await mapper.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Starts the broker over what is in its folder.</summary>
    public async Task StartAsync()
    {
        string[] environment =
        [
            $"HOME={Folder}", "ERL_EPMD_ADDRESS=127.0.0.1", $"ERL_EPMD_PORT={_mapperPort}",
            $"RABBITMQ_NODENAME=test{_port}@localhost", "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1",
            $"RABBITMQ_NODE_PORT={_port}", $"RABBITMQ_DIST_PORT={_distributionPort}",
            $"RABBITMQ_MNESIA_BASE={Folder}/data", $"RABBITMQ_LOG_BASE={Folder}/log", $"RABBITMQ_PID_FILE={Folder}/pid",
            $"RABBITMQ_ENABLED_PLUGINS_FILE={Folder}/plugins", $"RABBITMQ_CONFIG_FILE={Folder}/none",
            $"RABBITMQ_ADVANCED_CONFIG_FILE={Folder}/none", $"RABBITMQ_CONF_ENV_FILE={Folder}/none",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}",
        ];
        _server = await ServerProcess.StartAsync(
            Folder, Path.Combine(Folder, "server.log"), ["env", .. environment, Server]);
        await Waiting.UntilAsync("RabbitMQ answers", AnswersAsync);
    }

    /// <summary>Stops the broker in order and starts it again, after which every queue is on disk for good.</summary>
    /// <remarks>
    /// RabbitMQ 3.10 writes what it knows of a quorum queue a while after it was declared: one of the last seconds is
    /// without a leader after a power cut, and stays so.
    /// </remarks>
    public async Task RestartAsync()
    {
        await SignalAsync("-TERM");
        await Waiting.UntilAsync("RabbitMQ has ended", () => _server!.HasExited);
        await KillAsync();
        await StartAsync();
    }

    /// <summary>Ends the broker at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_server is { } server)
        {
            _server = null;

            // The shell that starts the broker may still stand before it, so both are ended by their ids.
            if (File.Exists(Path.Combine(Folder, "pid")))
            {
                var id = (await File.ReadAllTextAsync(Path.Combine(Folder, "pid"))).Trim();
                await ServerProcess.RunAsync("sh", "-c", "kill -9 $1 2>/dev/null; true", "kill", id);
            }

            await server.DisposeAsync();
            await Waiting.UntilAsync("RabbitMQ has ended", () => !Loopback.IsTaken(_port));
        }
    }

    /// <summary>Holds the broker where it is; its connections stay.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>Lets it go on.</summary>
    public Task ResumeAsync() => SignalAsync("-CONT");

    private async Task SignalAsync(string signal)
    {
        var id = (await File.ReadAllTextAsync(Path.Combine(Folder, "pid"))).Trim();
        await ServerProcess.RunAsync("kill", signal, id);
    }

    /// <summary>It greets who speaks its protocol.</summary>
    private async Task<bool> AnswersAsync()
    {
        if (_server is { HasExited: true })
        {
            throw new InvalidOperationException(
                $"RabbitMQ ended: {await File.ReadAllTextAsync(Path.Combine(Folder, "server.log"))}");
        }

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
            await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray());
            var frame = new byte[7];
            await client.GetStream().ReadExactlyAsync(frame);
            return frame[0] == 1;
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
