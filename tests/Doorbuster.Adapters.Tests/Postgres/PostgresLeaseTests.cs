using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Doorbuster.Sql.Postgres;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>Leases in PostgreSQL keep the suite of every lease, by the clock of a real server.</summary>
public sealed class PostgresLeaseTests(SharedPostgres shared) : LeaseConformance, IAsyncLifetime
{
    private PostgresSchema? _schema;
    private PostgresReconciliation? _leases;

    protected override ILease Lease => _leases!;

    public async ValueTask InitializeAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        _leases = await PostgresReconciliation.OpenAsync(_schema.Options, TimeProvider.System, Cancel);
    }

    public ValueTask DisposeAsync() => _leases!.DisposeAsync();

    protected override async ValueTask PassAsync(TimeSpan time) => await _schema!.PassAsync(time);
}
