using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>The PostgreSQL store keeps the suite of every store that opens gates anew, over a real server.</summary>
public sealed class PostgresEpochTests(SharedPostgres shared) : EpochConformance
{
    private PostgresSchema? _schema;
    private StoreUnderTest? _store;
    private PostgresFulfilment? _fulfilment;
    private PostgresReconciliation? _reconciliation;

    protected override IEpochs Epochs => _reconciliation!;

    protected override ILostClaims LostClaims => _reconciliation!;

    protected override IDeadLetters Letters => _reconciliation!;

    protected override ISaleEnding Ending => _reconciliation!;

    protected override IOutbox Outbox => _fulfilment!;

    protected override IFulfilmentLedger Fulfilment => _fulfilment!;

    [Fact]
    public async Task Why_an_epoch_began_is_kept()
    {
        await _schema!.QueryAsync(
            "INSERT INTO sales (id, epoch, admitted, events, version, revision, quantity, available, reserved, sold, "
            + "per_buyer_limit, mode, require_purchase_token, opens_at, payment_window_ms, created_at, price_amount, "
            + "price_currency, order_id_key, title) VALUES ('drop', 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, true, now(), 1, "
            + "now(), 1, 'EUR', decode(repeat('00', 32), 'hex'), 'Drop')");
        await Epochs.RaiseAsync(SaleId.Parse("drop"), from: 1, to: 2, "The gate is missing.", Cancel);

        var rows = await _schema.QueryAsync("SELECT epoch, at <= now(), reason FROM gate_epochs");
        Assert.Equal("2|t|The gate is missing.", rows.Trim());
    }

    [Fact]
    public async Task A_lost_claim_that_cannot_even_be_rejected_stays_as_it_is()
    {
        var sale = Samples.Sale("mended");
        Assert.NotNull(await _store!.Sales.CreateAsync(sale, Cancel));
        await _schema!.QueryAsync("ALTER TABLE orders ADD CONSTRAINT bad CHECK (buyer <> 'mallory')");
        var (anna, mallory) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "mallory"));

        Assert.Null(await LostClaims.RejectLostAsync(mallory.Order, mallory.Buyer, epoch: 1, Cancel));

        Assert.NotNull(await LostClaims.RejectLostAsync(anna.Order, anna.Buyer, epoch: 1, Cancel));
        await _schema.QueryAsync("ALTER TABLE orders DROP CONSTRAINT bad");
        Assert.NotNull(await LostClaims.RejectLostAsync(mallory.Order, mallory.Buyer, epoch: 1, Cancel));
    }

    protected override async ValueTask<StoreUnderTest> CreateAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        var clock = new VirtualTimeProvider(Samples.Noon);
        _fulfilment = await PostgresFulfilment.OpenAsync(_schema.Options, clock, NullLogger.Instance, Cancel);
        _reconciliation = await PostgresReconciliation.OpenAsync(_schema.Options, clock, Cancel);
        return _store = await _schema.OpenForSuiteAsync();
    }

    protected override async ValueTask CloseAsync()
    {
        await _reconciliation!.DisposeAsync();
        await _fulfilment!.DisposeAsync();
    }

    protected override async Task<string> LettersAsync() => (await _schema!.QueryAsync(
        "SELECT string_agg(buyer || ' e' || epoch, ', ' ORDER BY buyer) FROM dead_letters")).Trim();
}
