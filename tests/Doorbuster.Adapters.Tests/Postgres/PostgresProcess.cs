using Doorbuster.Servers;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>A real server of one class's own, which its tests may kill and start again.</summary>
public sealed class PostgresProcess : IAsyncLifetime
{
    private PostgresServer? _server;

    public PostgresServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
