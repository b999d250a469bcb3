using System.Globalization;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;
using Doorbuster.Simulation.Storage;

namespace Doorbuster.Simulation.Tests;

/// <summary>The simulated store does what every order store does.</summary>
public sealed class SimulatedStoreTests : LedgerConformance
{
    private readonly DurableStore _disk = new();

    protected override ValueTask<StoreUnderTest> CreateAsync() => ReopenAsync();

    protected override ValueTask<StoreUnderTest> ReopenAsync()
    {
        var session = new StoreSession(_disk);
        return ValueTask.FromResult(new StoreUnderTest(session, session, session, () => ValueTask.CompletedTask));
    }
}

/// <summary>The production gate over the simulated store does what every gate does.</summary>
public sealed class GateOverSimulatedStoreTests : GateConformance
{
    protected override ValueTask<StoreUnderTest> CreateStoreAsync()
    {
        var session = new StoreSession(new DurableStore());
        return ValueTask.FromResult(new StoreUnderTest(session, session, session, () => ValueTask.CompletedTask));
    }

    protected override IGate CreateGate(ILedger ledger, TimeProvider clock, int ordersPerBuyer) =>
        new InMemoryGate(ledger, clock, ordersPerBuyer);
}

/// <summary>Where nodes share it, the simulated store does what every store behind a claim log does.</summary>
public sealed class SimulatedFulfilmentTests : FulfilmentConformance
{
    private readonly SharedScene _scene = new();

    protected override IFulfilmentLedger Fulfilment => _scene.Shared;

    protected override IOutbox Outbox => _scene.Shared;

    protected override ValueTask<StoreUnderTest> CreateAsync() => _scene.CreateAsync();

    protected override Task<IReadOnlyList<OrderId>> DeadLettersAsync() =>
        Task.FromResult<IReadOnlyList<OrderId>>([.. _scene.Store.Letters.Select(letter => letter.Id.Order)]);
}

/// <summary>Where nodes share it, the simulated store does what every store that opens gates anew does.</summary>
public sealed class SimulatedEpochTests : EpochConformance
{
    private readonly SharedScene _scene = new();

    protected override IEpochs Epochs => _scene.Shared;

    protected override ILostClaims LostClaims => _scene.Shared;

    protected override IDeadLetters Letters => _scene.Shared;

    protected override ISaleEnding Ending => _scene.Shared;

    protected override IOutbox Outbox => _scene.Shared;

    protected override IFulfilmentLedger Fulfilment => _scene.Shared;

    protected override ValueTask<StoreUnderTest> CreateAsync() => _scene.CreateAsync();

    protected override Task<string> LettersAsync() => Task.FromResult(string.Join(
        ", ",
        _scene.Store.Letters.Select(letter => string.Create(
            CultureInfo.InvariantCulture, $"{letter.Entry.Claims[0].Buyer} e{letter.Entry.Epoch}"))));
}

/// <summary>The simulated store does what every store does that is the gate, and judges under its locks.</summary>
public sealed class SimulatedGateStoreTests() : SimulatedGateStoreConformance(isOptimistic: false);

/// <summary>The same where claims are judged without a lock.</summary>
public sealed class OptimisticSimulatedGateStoreTests() : SimulatedGateStoreConformance(isOptimistic: true);

public abstract class SimulatedGateStoreConformance(bool isOptimistic) : StoreGateConformance
{
    private GateSession? _gate;

    protected override IGateStore GateStore => _gate!;

    protected override async ValueTask<StoreUnderTest> CreateAsync()
    {
        var store = new DurableStore();
        _gate = new GateSession(store, TimeProvider.System, isOptimistic);
        var own = new StoreSession(store) { Owner = await _gate.OpenAsync() };
        return new StoreUnderTest(own, own, own, () => ValueTask.CompletedTask);
    }
}

/// <summary>The simulated store, shared, as the suites try it.</summary>
internal sealed class SharedScene
{
    private static readonly TimeProvider Clock = new VirtualTimeProvider(Samples.Noon);

    public SharedScene() => Shared = new SharedSession(Store, new InMemoryLease(Clock), Clock);

    public DurableStore Store { get; } = new();

    public SharedSession Shared { get; }

    public ValueTask<StoreUnderTest> CreateAsync()
    {
        var own = new StoreSession(Store);
        return ValueTask.FromResult(new StoreUnderTest(own, own, own, () => ValueTask.CompletedTask));
    }
}
