using System.Collections.Concurrent;
using System.Net.Sockets;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>SIGTERM: whoever has asked is answered, and then the process ends in order.</summary>
public sealed class DrainTests
{
    private const int Quantity = 100_000;
    private const int Connections = 32;

    [Fact]
    public async Task Every_request_that_was_sent_before_SIGTERM_is_answered()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        string sale;
        var outcomes = new ConcurrentBag<Outcome>();
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(Quantity));
            var signal = new SignalFlag();
            var crowd = Enumerable.Range(0, Connections)
                .Select(n => BuyUntilTheEndAsync(server, sale, n, signal, outcomes)).ToList();
            await Waiting.UntilAsync("the crowd was buying", () => outcomes.Count > 500);

            signal.WasGiven = true;
            server.Signal(Child.SigTerm);

            await Task.WhenAll(crowd);
            Assert.True(await server.ExitAsync() == 0, server.Log);
            await Assert.ThrowsAsync<SocketException>(() => Wire.ConnectAsync(server.Api.Address));
            Assert.DoesNotContain("   at ", server.Log, StringComparison.Ordinal);
        }

        var unanswered = outcomes.Where(outcome => outcome is { WasSentBefore: true, Answer: null }).ToList();
        Assert.True(
            unanswered.Count == 0, $"{unanswered.Count} of {outcomes.Count}: {unanswered.FirstOrDefault()} ...");
        Assert.All(outcomes, outcome => Assert.True(outcome.Answer?.Status is null or 201 or 503, outcome.ToString()));
        await using var restarted = await Server.StartAsync(plan);
        await HasAllAsync(restarted, sale, [.. outcomes]);
    }

    [Fact]
    public async Task A_request_that_is_still_on_its_way_at_SIGTERM_is_answered_while_nobody_new_comes_in()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path));
        var sale = await server.CreateSaleAsync(new Terms(1) { RequirePurchaseToken = false });
        using var slow = await Wire.ConnectAsync(server.Api.Address);
        await slow.SendAsync(Wire.Request(
            "POST",
            $"/v1/sales/{sale}/orders",
            body: null,
            ("Authorization", $"Bearer {Jwt.ForBuyer("anna")}"),
            ("Content-Type", "application/json"),
            ("Content-Length", "14"),
            ("Expect", "100-continue")));
        Assert.Equal(100, (await slow.ReadAnswerAsync()).Status);

        server.Signal(Child.SigTerm);
        await Waiting.UntilAsync("the server turned others away", async () => !await server.IsReadyAsync());
        await slow.SendAsync("""{"quantity":1}"""u8.ToArray());

        Assert.Equal("reserved", (await slow.ReadAnswerAsync()).Is(201).Text("status"));
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task A_server_that_nobody_asks_anything_ends_at_once()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path));
        using var idle = await Wire.ConnectAsync(server.Api.Address);

        server.Signal(Child.SigTerm);

        Assert.Equal(0, await server.ExitAsync());
        Assert.Equal("", await idle.ReadToEndAsync());
        Assert.Equal("", server.Output);
    }

    private static async Task BuyUntilTheEndAsync(
        Server server, string sale, int worker, SignalFlag signal, ConcurrentBag<Outcome> outcomes)
    {
        using var wire = await Wire.ConnectAsync(server.Api.Address);
        for (var n = 0; ; n++)
        {
            var buyer = server.Buyer($"buyer-{worker}-{n}");
            var attempt = new Attempt(buyer, "key", 1);
            var request = Wire.Claim(sale, PurchaseTokenForge.Genuine(sale, buyer.Id), "key", 1);
            var wasSentBefore = false;
            Answer? answer = null;
            try
            {
                await wire.SendAsync(request);
                wasSentBefore = !signal.WasGiven;
                answer = await wire.ReadAnswerAsync();
            }
            catch (Exception end) when (end is IOException or SocketException)
            {
                // The connection ended; the outcome says whether it might.
            }

            outcomes.Add(new Outcome(attempt, wasSentBefore, answer));
            if (answer?.Status != 201 || answer.Header("Connection") == "close")
            {
                return;
            }
        }
    }

    /// <summary>What was answered stands, and what was not can be asked for again.</summary>
    private static async Task HasAllAsync(Server server, string sale, IReadOnlyCollection<Outcome> outcomes)
    {
        using var wire = await Wire.ConnectAsync(server.Api.Address);
        foreach (var (attempt, _, before) in outcomes)
        {
            var token = PurchaseTokenForge.Genuine(sale, attempt.Buyer.Id);
            await wire.SendAsync(Wire.Claim(sale, token, attempt.Key, attempt.Quantity));
            var answer = await wire.ReadAnswerAsync();
            if (before?.Status == 201)
            {
                Assert.Equal(before.Body, answer.Is(200).Body);
            }
            else
            {
                Assert.True(answer.Status is 200 or 201, answer.ToString());
            }
        }

        Assert.Equal(outcomes.Count, (await Audit.OfAsync(server.Api, sale)).Reserved);
    }

    private sealed record Outcome(Attempt Attempt, bool WasSentBefore, Answer? Answer);

    /// <summary>Whether the signal was given; it is set before it is sent.</summary>
    private sealed class SignalFlag
    {
        private volatile bool _wasGiven;

        public bool WasGiven
        {
            get => _wasGiven;
            set => _wasGiven = value;
        }
    }
}
