using System.Collections.Concurrent;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Servers;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>Word between nodes by LISTEN and NOTIFY, over a real server.</summary>
public sealed class PostgresHintTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly List<PostgresHints> _lines = [];
    private PostgresSchema? _schema;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresSchema Schema => _schema!;

    private string Listeners =>
        $"FROM pg_stat_activity WHERE query = 'LISTEN \"{Schema.Name}\"' AND pid <> pg_backend_pid()";

    public async ValueTask InitializeAsync() => _schema = await PostgresSchema.MakeAsync(shared);

    public async ValueTask DisposeAsync()
    {
        foreach (var line in _lines)
        {
            await line.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_other_node_hears_which_orders_have_changed_however_many_they_are()
    {
        var (one, two) = (NewLine("one"), NewLine("two"));
        OrderHint[] hints =
            [.. Enumerable.Range(0, OrderHint.MostAtOnce).Select(i => Hint("drop", $"buyer-{i}"))];

        await HeardAsync(one, hints, by: two);

        Assert.Empty(one.Heard);
        await Schema.QueryAsync(
            $"SELECT pg_notify('{Schema.Name}', m) FROM unnest(ARRAY['', 'h', 'hx=', 's', 's ', 'x']) AS m");
        await HeardAsync(one, [Hint("drop", "last")], by: two);
    }

    [Fact]
    public async Task Hints_of_many_sales_with_long_names_are_heard_too()
    {
        var (one, two) = (NewLine(new string('n', 32)), NewLine("two"));
        OrderHint[] hints =
        [
            .. Enumerable.Range(0, OrderHint.MostAtOnce)
                .Select(i => Hint($"{i % 60:00}-{new string('s', SaleId.MaxLength - 3)}", $"buyer-{i}")),
        ];

        await HeardAsync(one, hints, by: two);

        Assert.Equal(hints.ToHashSet(), two.Heard.ToHashSet());
    }

    [Fact]
    public async Task A_node_whose_session_was_lost_hears_again()
    {
        var (one, two) = (NewLine("one"), NewLine("two"));
        await HeardAsync(one, [Hint("drop", "anna")], by: two);

        await Schema.QueryAsync(
            $"SELECT pg_terminate_backend(pid) {Listeners}");

        await HeardAsync(one, [Hint("drop", "bert")], by: two);
    }

    [Fact]
    public async Task The_transaction_that_frees_the_first_units_says_so_and_no_other()
    {
        var line = NewLine("one");
        await using var store = await PostgresStore.OpenAsGateAsync(
            Schema.Options, TimeProvider.System, NullLogger.Instance, Cancel);
        var sale = Samples.Sale(quantity: 2) with { OpensAt = DateTimeOffset.UnixEpoch };
        await store.CreateAsync(sale, Cancel);
        await Waiting.UntilAsync("somebody listens", async () =>
            (await Schema.QueryAsync($"SELECT count(*) {Listeners}")).Trim() == "1");
        var gate = new StoreGate(
            store.Gate(GateConcurrency.Conditional), TimeProvider.System, ordersPerBuyer: 64,
            new GatePatience(1, TimeSpan.Zero, TimeSpan.Zero), () => 0);
        var batch = Samples.Batch(sale, Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));
        await gate.ClaimAsync([batch], Cancel);

        foreach (var answer in batch.Answers.ToArray())
        {
            await store.ApplyAsync([new OrderCommand.Cancel(answer.Order!.Id)], Samples.Noon, Cancel);
        }

        await store.ChangeAsync(sale.Id, new SaleChange.Replenish(5, "r"), Samples.Noon, Cancel);
        var last = SaleId.Parse("last");
        await Schema.QueryAsync($"NOTIFY {Schema.Name}, 's{last}'");
        await Waiting.UntilAsync("the last word was heard", () => line.Reopened.Contains(last));
        Assert.Equal([sale.Id, last], line.Reopened);
    }

    /// <summary>Says something until it is heard: who has just come may have missed it at first.</summary>
    private static Task HeardAsync(Line from, OrderHint[] hints, Line by) => Waiting.UntilAsync(
        "the hints were heard",
        async () =>
        {
            await from.Hints.SendAsync(hints, Cancel);
            return by.Heard.ToHashSet().IsSupersetOf(hints);
        });

    private static OrderHint Hint(string sale, string buyer) =>
        OrderHint.Of(Samples.Order(Samples.Sale(sale), buyer));

    private Line NewLine(string node)
    {
        var line = new Line(new PostgresHints(Schema.Options, node, TimeProvider.System), [], []);
        _lines.Add(line.Hints);
        line.Hints.Listen(hints =>
        {
            foreach (var hint in hints)
            {
                line.Heard.Enqueue(hint);
            }
        });
        line.Hints.ListenForUnits(line.Reopened.Enqueue);
        return line;
    }

    private sealed record Line(
        PostgresHints Hints, ConcurrentQueue<OrderHint> Heard, ConcurrentQueue<SaleId> Reopened);
}
