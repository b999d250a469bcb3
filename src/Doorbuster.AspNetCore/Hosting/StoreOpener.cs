using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>
/// Opens the order store at start; a service of this type that is registered before ours takes its place.
/// </summary>
/// <param name="cancellationToken">Ends the wait for a store that another process owns.</param>
public delegate ValueTask<OpenStore> StoreOpener(CancellationToken cancellationToken);

/// <summary>An order store that is open: ours alone, or shared with other nodes.</summary>
/// <param name="Ledger">Its side of claims.</param>
/// <param name="Sales">Its side of sales.</param>
/// <param name="Orders">Its side of what becomes of orders.</param>
/// <param name="Owner">Closes it, once nobody uses it any more.</param>
public sealed record OpenStore(ILedger Ledger, ISaleStore Sales, IOrderStore Orders, IAsyncDisposable Owner)
{
    /// <summary>Lanes of claims that it can commit side by side; one where it has a single writer.</summary>
    public int Lanes { get; init; } = 1;

    /// <summary>Its side of gates that are opened anew; without it a repair opens none.</summary>
    public IEpochs? Epochs { get; init; }

    /// <summary>What this node shares with others; null where the store is ours alone.</summary>
    public SharedParts? Shared { get; init; }

    /// <summary>What this node shares with others where the store is the gate; null where it is not.</summary>
    public StoreGateParts? AsGate { get; init; }

    /// <summary>A name of this process alone, under which other nodes know it; null where it has made none.</summary>
    internal string? Node => Shared?.Node ?? AsGate?.Node;

    /// <summary>Where the nodes say that they live; null where there is only one.</summary>
    internal INodeList? Nodes => Shared?.Nodes ?? AsGate?.Nodes;

    /// <summary>
    /// Ends once another process has become its owner, and this one is to stop; null where that is told otherwise.
    /// </summary>
    public Task? Lost { get; init; }

    /// <summary>
    /// Says what is not as it should be, in words, over and over while the server runs; null where nothing can be
    /// amiss.
    /// </summary>
    public Func<CancellationToken, Task<IReadOnlyList<string>>>? Check { get; init; }
}
