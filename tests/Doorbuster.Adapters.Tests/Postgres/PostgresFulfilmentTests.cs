using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>The PostgreSQL store keeps the suite of every store behind a claim log, over a real server.</summary>
public sealed class PostgresFulfilmentTests(SharedPostgres shared) : FulfilmentConformance
{
    private PostgresSchema? _schema;
    private PostgresFulfilment? _fulfilment;

    protected override IFulfilmentLedger Fulfilment => _fulfilment!;

    protected override IOutbox Outbox => _fulfilment!;

    protected override async ValueTask<StoreUnderTest> CreateAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        _fulfilment = await PostgresFulfilment.OpenAsync(
            _schema.Options, new VirtualTimeProvider(Samples.Noon), NullLogger.Instance, Cancel);
        return await _schema.OpenForSuiteAsync();
    }

    protected override ValueTask CloseAsync() => _fulfilment!.DisposeAsync();

    protected override async Task<IReadOnlyList<OrderId>> DeadLettersAsync()
    {
        var rows = await _schema!.QueryAsync("SELECT sale_id, key FROM dead_letters ORDER BY buried_at");
        return
        [
            .. from row in rows.Split('\n', StringSplitOptions.RemoveEmptyEntries)
               let cells = row.Split('|')
               select new OrderId(SaleId.Parse(cells[0]), Parameters.ToKey(Guid.Parse(cells[1]))),
        ];
    }
}
