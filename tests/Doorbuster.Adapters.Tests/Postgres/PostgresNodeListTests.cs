using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Doorbuster.Sql.Postgres;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>Nodes in PostgreSQL keep the suite of every list of nodes, by the clock of a real server.</summary>
public sealed class PostgresNodeListTests(SharedPostgres shared) : NodeListConformance, IAsyncLifetime
{
    private PostgresSchema? _schema;
    private PostgresReconciliation? _nodes;

    protected override INodeList Nodes => _nodes!;

    public async ValueTask InitializeAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        _nodes = await PostgresReconciliation.OpenAsync(_schema.Options, TimeProvider.System, Cancel);
    }

    public ValueTask DisposeAsync() => _nodes!.DisposeAsync();

    protected override async ValueTask PassAsync(TimeSpan time) => await _schema!.PassAsync(time);
}
