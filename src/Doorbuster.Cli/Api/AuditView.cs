using System.Text.Json;

namespace Doorbuster.Cli.Api;

/// <summary>What <c>GET /v1/sales/{id}/audit</c> answers.</summary>
/// <param name="Quantity">Units on sale.</param>
/// <param name="Available">Units that the order store has left.</param>
/// <param name="Reserved">Units in orders that wait for payment.</param>
/// <param name="Sold">Units in paid orders.</param>
/// <param name="Queued">Units admitted by the gate, not committed yet.</param>
/// <param name="GateAvailable">Units that the gate has left; nothing where the gate is missing.</param>
/// <param name="Epoch">The epoch of the sale's gate.</param>
/// <param name="LawHolds">Whether quantity = available + reserved + sold, and nothing differs.</param>
/// <param name="Differences">What differs between gate and store, order by order.</param>
internal sealed record AuditView(
    int Quantity,
    int Available,
    int Reserved,
    int Sold,
    int Queued,
    int? GateAvailable,
    long Epoch,
    bool LawHolds,
    IReadOnlyList<JsonElement> Differences);
