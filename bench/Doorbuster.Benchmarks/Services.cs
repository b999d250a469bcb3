using System.Diagnostics;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Redis, PostgreSQL and RabbitMQ as <c>eng/services.sh</c> starts them, empty, with data and ports of their own, for
/// as long as this lives.
/// </summary>
internal sealed class Services : IAsyncDisposable
{
    private const string Script = "eng/services.sh";

    private const string FirstPort = "22000";

    // Not a temporary folder of ours: PostgreSQL runs as a user of its own, who must reach it.
    private static readonly string Folder = Path.GetFullPath("artifacts/bench-services");

    private Services()
    {
    }

    /// <summary>The connection strings, each by its name: Redis, Postgres, RabbitMq.</summary>
    public IReadOnlyDictionary<string, string> ConnectionStrings { get; private set; } =
        new Dictionary<string, string>();

    /// <exception cref="InvalidOperationException">One did not start; the message is the script's.</exception>
    public static async Task<Services> StartAsync()
    {
        // What a run that was cut off has left behind would be counted too.
        var services = new Services();
        await services.DisposeAsync();
        var said = await RunAsync("start");
        services.ConnectionStrings = said.Split('\n')
            .Select(line => line.Split("ConnectionStrings__", 2))
            .Where(parts => parts.Length == 2)
            .Select(parts => parts[1].Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1].Trim('\''));
        return services;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop");
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<string> RunAsync(string verb)
    {
        // The servers inherit what the script has open: were that our pipe, reading would not end before they do.
        var output = Path.Combine(Folder, "services.log");
        Directory.CreateDirectory(Folder);
        var start = new ProcessStartInfo("bash");
        Array.ForEach(["-c", $"exec bash {Script} {verb} >'{output}' 2>&1"], start.ArgumentList.Add);
        start.Environment["DOORBUSTER_SERVICES"] = Folder;
        start.Environment["DOORBUSTER_PORTS"] = FirstPort;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var said = await File.ReadAllTextAsync(output);
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{Script} {verb} failed: {said}");
    }
}
