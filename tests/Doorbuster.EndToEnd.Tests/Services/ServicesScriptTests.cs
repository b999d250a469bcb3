using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Doorbuster.EndToEnd.Tests.Packages;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Services;

/// <summary>The scripts that start the servers of the topology with many nodes, and the nodes.</summary>
public sealed class ServicesScriptTests : IDisposable
{
    private static readonly string[] All = ["redis", "postgres", "rabbitmq", "cluster"];

    private readonly string _data = Directory.CreateTempSubdirectory("doorbuster-services-").FullName;
    private readonly int _ports = Loopback.Block(1_000);

    public ServicesScriptTests() =>

        // PostgreSQL runs as a user of its own where this runs as root, and has to reach its folder.
        File.SetUnixFileMode(
            _data,
            File.GetUnixFileMode(_data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
            | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    [Fact]
    public async Task Servers_start_answer_on_loopback_stop_and_keep_their_data()
    {
        try
        {
            var (code, said) = await RunAsync(["start", .. All]);
            Assert.True(code == 0, said);
            Assert.Contains($"ConnectionStrings__Redis=127.0.0.1:{_ports + 379}", said, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync(["status"])).Code);
            Assert.Equal("+OK", await AskRedisAsync("SET kept yes"));
            Assert.All(
                (await RunAsync(["start", .. All])).Said.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => Assert.Contains("runs already", line, StringComparison.Ordinal));

            Assert.Equal(0, (await RunAsync(["stop"])).Code);
            var (after, stopped) = await RunAsync(["status"]);
            Assert.Equal(1, after);
            Assert.All(
                stopped.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => Assert.EndsWith(" does not run.", line, StringComparison.Ordinal));
            await Assert.ThrowsAsync<SocketException>(() => AskRedisAsync("PING"));

            Assert.Equal(0, (await RunAsync(["start", "redis"])).Code);
            Assert.Equal("yes", await AskRedisAsync("GET kept"));
        }
        finally
        {
            await RunAsync(["stop"]);
        }
    }

    [Theory]
    [InlineData]
    [InlineData("--rabbitmq")]
    public async Task The_two_commands_of_the_README_sell_out_over_many_nodes(params string[] options)
    {
        try
        {
            var (code, said) = await RunAsync(["start", "--install"]);
            Assert.True(code == 0, said);

            var (sold, told) = await RunAsync(
                ["--buyers", "400", "--quantity", "50", .. options], script: "cluster");

            Assert.True(sold == 0, told);
            Assert.Contains("worker-2 is ready", told, StringComparison.Ordinal);
            Assert.Contains("THE LAW HOLDS", told, StringComparison.Ordinal);
            Assert.Contains("50 = 0 available", told, StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync(["stop"]);
        }
    }

    [Fact]
    public async Task A_port_that_another_has_taken_is_said_with_the_servers_own_words()
    {
        using var other = new TcpListener(IPAddress.Loopback, _ports + 379);
        other.Start();

        var (code, said) = await RunAsync(["start", "redis"]);

        Assert.Equal(1, code);
        Assert.Contains("redis ended", said, StringComparison.Ordinal);
        Assert.Contains("Address already in use", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("start mysql")]
    public async Task Wrong_usage_is_answered_with_the_usage(string arguments)
    {
        var (code, said) = await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, code);
        Assert.StartsWith("usage: bash eng/services.sh", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ports_that_do_not_exist_are_refused_by_name()
    {
        var (code, said) = await RunAsync(["start", "redis"], ports: "64000");

        Assert.Equal(1, code);
        Assert.Contains("DOORBUSTER_PORTS is '64000'", said, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private async Task<(int Code, string Said)> RunAsync(
        string[] arguments, string? ports = null, string script = "services")
    {
        await using var child = Child.Start(
            "bash", [$"eng/{script}.sh", .. arguments], SourceTree.Root,
            new Dictionary<string, string>
            {
                ["DOORBUSTER_SERVICES"] = _data,
                ["DOORBUSTER_PORTS"] = ports ?? _ports.ToString(CultureInfo.InvariantCulture),
            });
        var code = await child.ExitAsync(TimeSpan.FromMinutes(3));
        return (code, child.Output + child.Errors);
    }

    /// <summary>A command as Redis reads it by hand, and the last line of its answer.</summary>
    private async Task<string> AskRedisAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _ports + 379);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\nQUIT\r\n"));
        using var reader = new StreamReader(stream);
        var lines = (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return lines[^2];
    }
}
