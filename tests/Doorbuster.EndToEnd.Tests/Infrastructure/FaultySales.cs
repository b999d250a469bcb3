using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Doorbuster.Sql.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>
/// The SQLite store with a fault before an operator's changes, as a test asks: nothing is written, or nobody is told
/// that it was. It takes the store's place in a program that hosts Doorbuster.
/// </summary>
internal sealed class FaultySales : ISaleStore
{
    private ISaleStore? _inner;

    /// <summary>What becomes of each change from now on.</summary>
    public CommitFault Fault { get; set; }

    /// <summary>Whether the store can say what stands.</summary>
    public bool CanTell { get; set; } = true;

    /// <summary>Runs before each count of a sale; nothing does where null.</summary>
    public Func<Task>? BeforeReport { get; set; }

    /// <summary>Puts it where the program looks for its store.</summary>
    public void Configure(IServiceCollection services) =>
        services.AddSingleton<StoreOpener>(provider => async cancellationToken =>
        {
            var store = await SqliteStore.OpenAsync(
                provider.GetRequiredService<DoorbusterOptions>().Sqlite,
                provider.GetRequiredService<TimeProvider>(),
                NullLogger.Instance,
                cancellationToken);
            _inner = store;
            return new OpenStore(store, this, store, store);
        });

    public async ValueTask<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = Fault is CommitFault.None or CommitFault.UnknownAndDone
            ? await Inner.ChangeAsync(sale, change, now, cancellationToken)
            : default;
        return Fault switch
        {
            CommitFault.None => answer,
            CommitFault.Failed => throw new StoreUnavailableException("A fault was asked for."),
            _ => throw new OutcomeUnknownException("A fault was asked for."),
        };
    }

    public ValueTask<Sale?> FindAsync(SaleId sale, CancellationToken cancellationToken) => CanTell
        ? Inner.FindAsync(sale, cancellationToken)
        : throw new StoreUnavailableException("A fault was asked for.");

    public ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken) =>
        Inner.CreateAsync(sale, cancellationToken);

    public ValueTask<IReadOnlyList<GateSnapshot>> TakeOverAsync(CancellationToken cancellationToken) =>
        Inner.TakeOverAsync(cancellationToken);

    public ValueTask<IReadOnlyList<(SaleId Sale, Stock Stock)>> StockAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken) =>
        Inner.StockAsync(sales, cancellationToken);

    public async ValueTask<StoreReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken)
    {
        await (BeforeReport?.Invoke() ?? Task.CompletedTask);
        return await Inner.ReportAsync(sale, cancellationToken);
    }

    private ISaleStore Inner => _inner ?? throw new InvalidOperationException("The store is not open.");
}
