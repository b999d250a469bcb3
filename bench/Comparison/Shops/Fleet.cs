using System.Globalization;
using Doorbuster.Servers;

namespace Doorbuster.Comparison.Shops;

/// <summary>The programs of one contender, each a process that ends with this one's at the latest.</summary>
internal sealed class Fleet(string folder, IReadOnlyList<Crew> crews) : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly List<ServerProcess> _running = [];

    /// <summary>A new address on loopback.</summary>
    public static Uri NewAddress() => Loopback.Address(Loopback.NextPort());

    /// <summary>Starts them side by side, and waits until each says that it is ready.</summary>
    public async Task StartAsync()
    {
        foreach (var (crew, number) in crews.Select((crew, i) => (crew, i)))
        {
            var log = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"program-{number}.log"));
            _running.Add(await ServerProcess.StartAsync(
                folder,
                log,
                ["env", .. crew.Settings.Select(one => $"{one.Name}={one.Value}"), Environment.ProcessPath!,
                    Path.Combine(AppContext.BaseDirectory, crew.Program), .. crew.Arguments]));
        }

        foreach (var (crew, running) in crews.Zip(_running))
        {
            await Waiting.UntilAsync($"{crew.Address} was ready", () => IsReadyAsync(crew, running));
        }
    }

    /// <summary>Kills them all at once.</summary>
    public async Task KillAsync()
    {
        await Task.WhenAll(_running.Select(process => process.DisposeAsync().AsTask()));
        _running.Clear();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<bool> IsReadyAsync(Crew crew, ServerProcess running)
    {
        if (running.HasExited)
        {
            var logs = Directory.GetFiles(folder, "program-*.log").Select(File.ReadAllText);
            throw new InvalidOperationException($"{crew.Address} ended at its start: {string.Join('\n', logs)}");
        }

        try
        {
            using var answer = await Http.GetAsync(new Uri(crew.Address, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>One program.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Program">Its file beside this one's.</param>
/// <param name="Arguments">What it is called with.</param>
/// <param name="Settings">What its environment has beside ours.</param>
internal sealed record Crew(
    Uri Address,
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<(string Name, string Value)> Settings);
