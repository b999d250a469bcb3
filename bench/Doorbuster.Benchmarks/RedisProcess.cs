using System.Diagnostics;
using System.Globalization;
using Doorbuster.Redis;
using StackExchange.Redis;

namespace Doorbuster.Benchmarks;

/// <summary>
/// A Redis server of its own on loopback, for as long as this lives; without persistence unless some is asked for.
/// </summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("doorbuster-redis-");
    private readonly Process _process;
    private readonly int _port;
    private ConnectionMultiplexer? _connection;

    private RedisProcess(int port, string appendFsync)
    {
        _port = port;
        string[] file = appendFsync == ""
            ? ["--appendonly", "no"]
            : ["--appendonly", "yes", "--appendfsync", appendFsync];
        _process = Process.Start(
            "redis-server",
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", .. file,
                "--dir", _folder.FullName, "--logfile", Path.Combine(_folder.FullName, "log"),
            ]);
    }

    public ConnectionMultiplexer Connection => _connection!;

    public IDatabase Database => Connection.GetDatabase();

    public static RedisKey Claims(SaleId sale) => $"db:{{{sale}}}:claims";

    /// <summary>Starts it.</summary>
    /// <param name="appendFsync">When its append-only file is synced; it has none where this is empty.</param>
    public static async Task<RedisProcess> StartAsync(string appendFsync = "")
    {
        var port = WebProcess.FreePort();
        var redis = new RedisProcess(port, appendFsync);
        redis._connection = await RedisServer.ConnectAsync($"127.0.0.1:{port}");
        for (var i = 0; i < 100 && !redis.Connection.IsConnected; i++)
        {
            await Task.Delay(100);
        }

        return redis;
    }

    /// <summary>Bytes that Redis has in use for data and itself.</summary>
    public async Task<long> UsedMemoryAsync()
    {
        var info = (string)(await Database.ExecuteAsync("INFO", "memory"))!;
        var line = info.Split("\r\n").First(l => l.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Runs Redis's own benchmark against this server.</summary>
    public async Task<string> BenchmarkAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            "redis-benchmark", ["-p", _port.ToString(CultureInfo.InvariantCulture), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        using var benchmark = Process.Start(start)!;
        var output = await benchmark.StandardOutput.ReadToEndAsync();
        await benchmark.WaitForExitAsync();
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        await WebProcess.EndAsync(_process);
        _folder.Delete(recursive: true);
    }
}
