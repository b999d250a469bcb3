using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.CommandLine;

/// <summary>A server as <c>serve</c> starts it on an empty directory: with a key of its own, and guests.</summary>
public sealed class ShopWithItsOwnKey : IAsyncLifetime
{
    private readonly DataDirectory _data = new();
    private Server? _server;

    internal string Data => _data.Path;

    internal string Address => _server!.Api.Address.ToString();

    public async ValueTask InitializeAsync() =>
        _server = await Server.StartAsync(new ServerPlan(_data.Path) { HasKeys = false });

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _data.Dispose();
    }
}
