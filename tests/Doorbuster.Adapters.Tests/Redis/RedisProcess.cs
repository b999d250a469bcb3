using System.Globalization;
using Doorbuster.Redis;
using Doorbuster.Servers;
using StackExchange.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>A Redis server with a connection to it, for as long as this lives.</summary>
public sealed class RedisProcess : LoopbackRedis, IAsyncLifetime
{
    private ConnectionMultiplexer? _connection;

    /// <summary>A connection for what tests do to the server themselves.</summary>
    public IDatabase Database => Connection.GetDatabase();

    public IConnectionMultiplexer Connection => _connection!;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        _connection = await ConnectAsync();
        await ReconnectedAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        await base.DisposeAsync();
    }

    public Task<ConnectionMultiplexer> ConnectAsync(int? port = null) => RedisServer.ConnectAsync(
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port ?? Port}"));

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
}
