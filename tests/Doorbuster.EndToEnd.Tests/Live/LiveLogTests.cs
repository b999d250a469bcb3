using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>A token in an address is in no log, however much is logged.</summary>
public sealed class LiveLogTests
{
    [Fact]
    public async Task A_purchase_token_in_the_address_is_never_logged()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Logging:LogLevel:Default"] = "Trace",
                ["Logging:LogLevel:Microsoft"] = "Trace",
                ["Logging:Console:LogLevel:Default"] = "Trace",
            },
        });
        var sale = await server.CreateSaleAsync(new Terms(1));
        var token = await server.Buyer("anna").TokenAsync(sale);

        await using var socket = await LiveSocket.OpenAsync(
            server.Api.Address, $"/v1/sales/{sale}/live?purchaseToken={token}");
        await using var stream = await LiveStream.OpenAsync(
            server.Api.Address, $"/v1/sales/{sale}/live?purchaseToken={token}");
        await stream.Log.ForAsync("snapshot");
        (await server.Api.GetAsync($"/v1/sales/{sale}/live?purchaseToken={token}")).IsProblem(426, "upgrade-required");
        (await server.Api.GetAsync($"/v1/nowhere?purchaseToken={token}")).IsProblem(404, "not-found");
        server.Signal(Child.SigTerm);
        Assert.Equal(0, await server.ExitAsync());

        Assert.Contains("dbug", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(token, server.Log, StringComparison.Ordinal);
    }
}
