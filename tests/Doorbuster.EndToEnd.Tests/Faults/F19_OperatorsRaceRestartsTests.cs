using System.Collections.Concurrent;
using System.Net.Sockets;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>
/// Pause, replenish and close race the rebuild of the gate (F19): the server is killed in a storm of an operator's
/// calls, and after the restart the highest revision holds at gate and store. Nothing is lost, nothing doubled (I2).
/// </summary>
public sealed class F19_OperatorsRaceRestartsTests
{
    private const int Kills = 4;
    private const int Operators = 6;
    private const int Units = 10;

    [Fact]
    public async Task One_request_id_adds_once_however_many_send_it_at_the_same_time()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path));
        var sale = await server.CreateSaleAsync(new Terms(Units));

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(n => server.Api.OperateAsync(
            sale, "replenish", $$"""{"quantity":3,"requestId":"request-{{n % 4}}"}""")));

        Assert.All(answers, answer => answer.Is(200));
        Assert.Equal(Units + (4 * 3), (await Audit.OfAsync(server.Api, sale)).Quantity);
        var told = await Feed.ReadAsync(server.Api, sale, limit: 100);
        Assert.Equal(4, told.Count(item => item.Type == "sale.replenished"));
    }

    [Fact]
    public async Task The_highest_revision_holds_after_every_kill_and_units_are_added_once()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        var storm = new Storm();
        string? sale = null;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await Server.StartAsync(plan);
            sale ??= await server.CreateSaleAsync(new Terms(Units) { Id = "stormy", PerBuyerLimit = 1_000 });
            await storm.HoldsAsync(server.Api, sale);

            var raging = storm.RageAsync(server, sale);
            await Waiting.UntilAsync("the storm was at its height", () => storm.Answered >= 40 * (kill + 1));
            await server.KillAsync();
            await raging;
        }

        await using var last = await Server.StartAsync(plan);
        await storm.HoldsAsync(last.Api, sale!);
        await storm.AskAgainAsync(last.Api, sale!);
        (await last.Api.OperateAsync(sale!, "resume")).Is(200);
        (await last.Buyer("anna").ClaimAsync(sale!, quantity: storm.Quantity)).Is(201);
        (await last.Buyer("bert").ClaimAsync(sale!)).IsProblem(409, "sold-out");
    }

    [Fact]
    public async Task A_close_that_was_answered_is_final_after_a_kill_that_raced_it()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        bool wasAnswered;
        await using (var server = await Server.StartAsync(plan))
        {
            await server.CreateSaleAsync(new Terms(Units) { Id = "ending" });
            var pausing = Enumerable.Range(0, 8).Select(n => server.Api.OperateAsync(
                "ending", n % 2 == 0 ? "pause" : "resume"));
            var closing = server.Api.OperateAsync("ending", "close");
            await Task.WhenAny([closing, .. pausing]);
            await server.KillAsync();
            wasAnswered = closing.IsCompletedSuccessfully && (await closing).Status == 200;
        }

        await using var next = await Server.StartAsync(plan);
        var state = (await next.Api.SaleAsync("ending")).Text("state");
        Assert.True(!wasAnswered || state == "closed", $"Closed was answered, and the sale is {state}.");
        (await next.Api.OperateAsync("ending", "close")).Is(200);
        (await next.Api.OperateAsync("ending", "resume")).IsProblem(409, "sale-closed");
        await Audit.OfAsync(next.Api, "ending");
    }

    /// <summary>What operators asked for, and what they were told.</summary>
    private sealed class Storm
    {
        private readonly ConcurrentDictionary<string, bool> _requests = [];
        private int _names;
        private int _answered;
        private long _revision;

        public int Answered => Volatile.Read(ref _answered);

        /// <summary>The units of the sale, once everything that was asked for is done.</summary>
        public int Quantity => Units + _requests.Count;

        /// <summary>Pauses, resumes and replenishes from many sides until nobody answers.</summary>
        public Task RageAsync(Server server, string sale) => Task.WhenAll(Enumerable.Range(0, Operators).Select(
            async number =>
            {
                try
                {
                    while (true)
                    {
                        await AskAsync(server.Api, sale, number);
                    }
                }
                catch (Exception end) when (end is HttpRequestException or IOException or SocketException)
                {
                    // The server was killed; whether the last call was done, the next start tells.
                }
            }));

        /// <summary>What was answered stands, at the store and at the gate, and in the feed without a gap.</summary>
        public async Task HoldsAsync(Api api, string sale)
        {
            var shown = (await api.SaleAsync(sale)).Is(200);
            Assert.True(shown.Number("revision") >= _revision, $"Revision {_revision} was answered. {shown}");
            var audit = await Audit.OfAsync(api, sale);
            var done = _requests.Count(request => request.Value);
            Assert.InRange(audit.Quantity, Units + done, Quantity);
            Assert.Equal(audit.Quantity, shown.Number("quantity"));
            Assert.Equal(audit.Quantity, shown.Number("available"));

            var told = await Feed.ReadAsync(api, sale, limit: 1_000);
            Assert.Equal(audit.Quantity - Units, told.Sum(item => (long?)item.Quantity ?? 0));
            Assert.Equal(Enumerable.Range(2, told.Count).Select(no => (long?)no), told.Select(item => item.Revision));
            Assert.Equal(shown.Number("revision"), told.Count + 1);
        }

        /// <summary>Makes every replenishment once more: each adds at most what it has not added yet.</summary>
        public async Task AskAgainAsync(Api api, string sale)
        {
            foreach (var request in _requests.Keys)
            {
                (await ReplenishAsync(api, sale, request)).Is(200);
            }

            Assert.Equal(Quantity, (await Audit.OfAsync(api, sale)).Quantity);
        }

        private async Task AskAsync(Api api, string sale, int number)
        {
            var name = $"request-{Interlocked.Increment(ref _names)}";
            Answer answer;
            if (number % 3 == 0)
            {
                _requests[name] = false;
                var both = await Task.WhenAll(ReplenishAsync(api, sale, name), ReplenishAsync(api, sale, name));
                _requests[name] = true;
                answer = both[1];
                both[0].Is(200);
            }
            else
            {
                answer = await api.OperateAsync(sale, number % 3 == 1 ? "pause" : "resume");
            }

            Learn(answer.Is(200).Number("revision"));
            Interlocked.Increment(ref _answered);
        }

        private static Task<Answer> ReplenishAsync(Api api, string sale, string request) => api.OperateAsync(
            sale, "replenish", $$"""{"quantity":1,"requestId":"{{request}}"}""");

        private void Learn(long revision)
        {
            for (var known = Interlocked.Read(ref _revision); known < revision;)
            {
                var seen = Interlocked.CompareExchange(ref _revision, revision, known);
                if (seen == known)
                {
                    return;
                }

                known = seen;
            }
        }
    }
}
