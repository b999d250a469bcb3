using System.Net.Sockets;

namespace Doorbuster.Servers;

/// <summary>
/// A PostgreSQL server of its own over a new folder, on a port of loopback, with durable settings. It can be killed and
/// started again over what it has on disk.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";

    private readonly string _folder;
    private readonly string _programs;
    private readonly string[] _settings;
    private ServerProcess? _process;

    private PostgresServer(string folder, string programs, string[] settings)
    {
        _folder = folder;
        _programs = programs;
        _settings = settings;
    }

    /// <summary>The port it listens on, the same after a restart.</summary>
    public int Port { get; } = Loopback.NextPort();

    /// <summary>How Npgsql reaches it.</summary>
    public string ConnectionString => ConnectionStringAt(Port);

    /// <summary>What it has logged.</summary>
    public string Log => File.ReadAllText(Path.Combine(_folder, "log"));

    /// <summary>How Npgsql reaches it through a port that leads to it.</summary>
    /// <param name="port">The port.</param>
    public static string ConnectionStringAt(int port) =>
        $"Host=127.0.0.1;Port={port};Username={User};Database=postgres;Include Error Detail=true";

    /// <summary>Makes a new server and starts it.</summary>
    /// <param name="settings">Settings as <c>postgres -c</c> takes them.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresServer> StartNewAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("doorbuster-postgres-").FullName;
        var server = new PostgresServer(folder, FindPrograms(), settings);
        try
        {
            if (Environment.UserName == "root")
            {
                // PostgreSQL refuses to run as root.
                await ServerProcess.RunAsync("chown", User, folder);
            }

            await ServerProcess.RunAsync(
                [.. AsUser(), $"{server._programs}/initdb", "-D", $"{folder}/data", "-A", "trust", "-U", User,
                    "-E", "UTF8", "--no-locale", "--no-sync"]);
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again; it answers once this returns.</summary>
    public async Task StartAsync()
    {
        await Waiting.UntilAsync("PostgreSQL starts", async () =>
        {
            // A postmaster that was killed leaves its children to end by themselves, and no new one starts before.
            if (_process is null or { HasExited: true })
            {
                await StopAsync();
                _process = await LaunchAsync();
            }

            return await AnswersAsync();
        });
    }

    /// <summary>Kills it, as a power cut does; what it had answered is on disk.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Holds it, so that it takes connections and answers nothing, or lets it go on.</summary>
    /// <param name="signal"><see cref="ServerProcess.SigStop"/> or <see cref="ServerProcess.SigContinue"/>.</param>
    public void Signal(int signal) => _process?.Signal(signal);

    /// <summary>Runs SQL by psql, and returns what it prints: values alone.</summary>
    /// <param name="sql">One statement or more.</param>
    public Task<string> QueryAsync(string sql) => ServerProcess.RunAsync(
        $"{_programs}/psql", "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", "postgres", "-X", "-A", "-t", "-q",
        "-v", "ON_ERROR_STOP=1", "-c", sql);

    /// <summary>Kills it and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Waiting.UntilAsync("nobody holds the server's folder", () =>
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException)
            {
                return false;
            }

            return true;
        });
    }

    private Task<ServerProcess> LaunchAsync() => ServerProcess.StartAsync(
        "/", Path.Combine(_folder, "log"),
        [
            .. AsUser(), $"{_programs}/postgres", "-D", $"{_folder}/data", "-h", "127.0.0.1", "-p", $"{Port}",
            "-c", "unix_socket_directories=", "-c", "max_connections=200", "-c", "shared_buffers=64MB",
            .. _settings.SelectMany(setting => (string[])["-c", setting]),
        ]);

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            await ServerProcess.RunAsync($"{_programs}/pg_isready", "-h", "127.0.0.1", "-p", $"{Port}", "-q");
            return true;
        }
        catch (Exception fault) when (fault is SocketException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string[] AsUser() => Environment.UserName == "root"
        ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--"]
        : [];

    private static string FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        var programs = versions.Select(version => $"{version}/bin").Where(bin => File.Exists($"{bin}/initdb"));
        return programs.Order().LastOrDefault()
            ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql.");
    }
}
