using System.Net.Sockets;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>
/// F01: the process dies after the gate admitted a claim and before it answered. The system calls in between are where
/// it can die, so it is killed on entering each of them.
/// </summary>
public sealed class F01KilledBetweenTests
{
    [Theory]
    [InlineData("before the log is written", "pwrite64", 1, 201)]
    [InlineData("amid the order's pages", "pwrite64", 5, 201)]
    [InlineData("before the log is on disk", "fdatasync,fsync", 2, 200)]
    [InlineData("before the answer is sent", "sendto,sendmsg", 1, 200)]
    public async Task F01_a_claim_whose_answer_was_lost_with_its_server_is_one_order(
        string when, string call, int time, int retried)
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        string sale;
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(2) { PerBuyerLimit = 2 });
            var token = await server.Buyer("anna").TokenAsync(sale);
            using var wire = await Wire.ConnectAsync(server.Api.Address);
            await IsFoldedAsync(data.Path);
            await using var tracer = await Tracer.AttachAsync(
                server.ProcessId, $"--trace={call}", $"--inject={call}:signal=SIGKILL:when={time}");

            var end = await Record.ExceptionAsync(async () =>
            {
                await wire.SendAsync(Wire.Claim(sale, token, "lost", 1));
                await wire.ReadAnswerAsync();
            });

            Assert.True(end is IOException or SocketException, $"It was to be killed {when}, and answered. {end}");
            Assert.Equal(128 + Child.SigKill, await server.ExitAsync());
        }

        await using (var server = await Server.StartAsync(plan))
        {
            var anna = server.Buyer("anna");
            var order = await anna.ClaimAsync(sale, "lost");
            Assert.True(order.Status == retried, $"Killed {when}. {order}");
            Assert.Equal(order.Body, (await anna.ClaimAsync(sale, "lost")).Is(200).Body);
            Assert.Equal(1, (await Audit.OfAsync(server.Api, sale)).Reserved);
            Assert.Equal(order.Text("id"), Assert.Single(await OrdersOfAsync(anna, sale)));
        }
    }

    /// <summary>
    /// Waits until the log has been folded back, so that the claim alone writes: its log begins anew, with a head that
    /// is synced, and then the order's pages, which are synced too.
    /// </summary>
    private static Task IsFoldedAsync(string directory)
    {
        var database = new FileInfo(Path.Combine(directory, "doorbuster.db"));
        var log = new FileInfo(Path.Combine(directory, "doorbuster.db-wal"));
        return Waiting.UntilAsync("the log was folded back", () =>
        {
            database.Refresh();
            log.Refresh();
            return database.LastWriteTimeUtc > log.LastWriteTimeUtc;
        });
    }

    private static async Task<IEnumerable<string>> OrdersOfAsync(Buyer buyer, string sale) =>
        (await buyer.OrdersAsync(sale)).Is(200).Json.GetProperty("items").EnumerateArray()
            .Select(order => order.GetProperty("id").GetString()!);
}
