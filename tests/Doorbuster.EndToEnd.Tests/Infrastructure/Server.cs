using System.Net.Sockets;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>How a server is started.</summary>
/// <param name="DataDirectory">Where its data are.</param>
internal sealed record ServerPlan(string DataDirectory)
{
    /// <summary>The port on loopback.</summary>
    public int Port { get; init; } = Loopback.NextPort();

    /// <summary>
    /// Settings by name, <c>Doorbuster:Limits:MaxSales</c> and the like, which win over the tests' own.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Arguments after those that every server is started with.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether the server is given the keys of these tests, or makes its own.</summary>
    public bool HasKeys { get; init; } = true;

    public IEnumerable<string> CommandLine =>
        ["serve", "--urls", Loopback.Address(Port).ToString(), "--data", DataDirectory, .. Arguments];

    public Dictionary<string, string> Environment
    {
        get
        {
            var settings = new Dictionary<string, string>();
            if (HasKeys)
            {
                settings["Doorbuster:Identity:SigningKey"] = Keys.Signing;
                settings["Doorbuster:Payments:WebhookSecrets:0"] = Keys.Webhook;
                settings["Doorbuster:PurchaseTokens:Keys:0"] = $"base64:{Convert.ToBase64String(Keys.PurchaseTokens)}";
            }

            foreach (var (name, value) in Settings)
            {
                settings[name] = value;
            }

            return settings.ToDictionary(
                setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        }
    }
}

/// <summary>A <c>doorbuster serve</c> in a process of its own.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Child _child;

    private Server(ServerPlan plan)
    {
        Api = new Api(Loopback.Address(plan.Port));
        _child = Executable.Start(plan.CommandLine, Path.GetTempPath(), plan.Environment);
    }

    public Api Api { get; }

    /// <summary>The id of its process.</summary>
    public int ProcessId => _child.Id;

    public bool HasExited => _child.HasExited;

    /// <summary>How many threads it has.</summary>
    public int Threads => _child.Threads;

    /// <summary>What it has logged so far.</summary>
    public string Log => _child.Errors;

    /// <summary>What it has written to standard output so far.</summary>
    public string Output => _child.Output;

    /// <summary>Starts a server, and returns once it is ready.</summary>
    public static async Task<Server> StartAsync(ServerPlan plan)
    {
        var server = Launch(plan);
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server, and returns at once.</summary>
    public static Server Launch(ServerPlan plan) => new(plan);

    /// <summary>Waits until it is ready.</summary>
    public Task ReadyAsync() => Waiting.UntilAsync("the server was ready", IsReadyAsync);

    /// <summary>Whether it says that it is ready; it must not have ended.</summary>
    public async Task<bool> IsReadyAsync()
    {
        if (_child.HasExited)
        {
            throw new InvalidOperationException($"The server ended with {await ExitAsync()}. {_child}");
        }

        try
        {
            return (await Api.GetAsync("/health/ready")).Status == 200;
        }
        catch (HttpRequestException refused) when (refused.InnerException is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Creates a sale.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateSaleAsync(Terms terms) =>
        (await Api.CreateAsync(terms)).Is(201).Text("id");

    public Buyer Buyer(string id) => new(Api, id);

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => _child.Signal(signal);

    /// <summary>Ends it as a power cut would end a process, and waits until it is gone.</summary>
    public Task KillAsync()
    {
        _child.Signal(Child.SigKill);
        return ExitAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> ExitAsync() => _child.ExitAsync();

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _child.DisposeAsync();
    }
}
