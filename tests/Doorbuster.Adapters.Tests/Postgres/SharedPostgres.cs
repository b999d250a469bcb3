using Doorbuster.Adapters.Tests.Postgres;
using Doorbuster.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>
/// One PostgreSQL server for all tests that do it no harm, started by the first of them. Each has a schema of its own.
/// </summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<PostgresServer>? _server;

    /// <summary>The server, which answers.</summary>
    public Task<PostgresServer> GetAsync()
    {
        lock (_lock)
        {
            return _server ??= PostgresServer.StartNewAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await (await server).DisposeAsync();
        }
    }
}
