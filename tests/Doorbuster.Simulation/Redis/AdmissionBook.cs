using Doorbuster.Dispatch;
using Doorbuster.Simulation.Http;

namespace Doorbuster.Simulation.Redis;

/// <summary>
/// What gates have admitted, order by order, and which of it may have been lost with them before the store had it: what
/// was in a log that is not in it any more though nobody took it out, what an old primary admitted, and what was
/// admitted under an epoch that was ended by a fence of another server, or by one that was lost. Everything else must
/// come to stand.
/// </summary>
internal sealed class AdmissionBook(World world)
{
    private readonly Dictionary<OrderId, Admission> _admissions = [];
    private readonly Dictionary<SaleId, SaleAdmissions> _sales = [];

    /// <summary>Claims that may have been lost.</summary>
    public int Lost { get; private set; }

    /// <summary>A gate has admitted these.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="epoch">The gate's epoch.</param>
    /// <param name="isOfPrimary">Whether the gate is the one that whoever connects now finds.</param>
    /// <param name="claims">What it admitted; late money's claims are asked for again where they are lost.</param>
    public void Admit(SaleId sale, long epoch, bool isOfPrimary, IEnumerable<Claim> claims)
    {
        var ofSale = Of(sale);
        foreach (var claim in claims)
        {
            if (claim.Revival is not null)
            {
                continue;
            }

            CheckOpening(claim);
            if (!_admissions.TryGetValue(claim.Order, out var admission))
            {
                _admissions.Add(claim.Order, admission = new Admission());
                ofSale.Add(claim);
            }

            admission.Epoch = epoch;
            admission.IsSafe = true;
            admission.ElsewhereAt = isOfPrimary ? admission.ElsewhereAt : world.Agenda.Steps;
            if (!isOfPrimary || epoch <= ofSale.LostFence)
            {
                Lose(claim.Order, admission);
            }
        }
    }

    /// <summary>A server has come to have less than it had.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="entries">What is not in its log any more.</param>
    /// <param name="fence">A fence that is gone; 0 for none.</param>
    public void Lose(SaleId sale, IEnumerable<AdmittedBatch> entries, long fence)
    {
        var ofSale = Of(sale);
        ofSale.LostFence = Math.Max(ofSale.LostFence, fence);
        ofSale.HasLost = true;
        foreach (var entry in entries)
        {
            foreach (var claim in entry.Claims)
            {
                if (claim.Revival is null && _admissions.TryGetValue(claim.Order, out var admission)
                    && admission.Epoch == entry.Epoch)
                {
                    Lose(claim.Order, admission);
                }
            }
        }
    }

    /// <summary>A server keeps a gate from admitting anything under this epoch or an earlier one.</summary>
    public void Fence(SaleId sale, long epoch, bool isOfPrimary)
    {
        if (isOfPrimary)
        {
            return;
        }

        // Whoever rebuilds an old primary's gate raises the epoch, and knows nothing of the new one's log.
        var ofSale = Of(sale);
        ofSale.LostFence = Math.Max(ofSale.LostFence, epoch);
        foreach (var (order, admission) in _admissions)
        {
            if (order.Sale == sale && admission.Epoch <= epoch)
            {
                Lose(order, admission);
            }
        }
    }

    /// <summary>
    /// A gate was removed, and its fence with it: what comes late may open one of its epoch or of an earlier one, and
    /// nobody reads that one's log.
    /// </summary>
    public void Remove(SaleId sale, long epoch)
    {
        var ofSale = Of(sale);
        ofSale.LostFence = Math.Max(ofSale.LostFence, epoch);
    }

    /// <summary>Whether the order's claim may once have been lost.</summary>
    public bool MayHaveLost(OrderId order) =>
        _admissions.TryGetValue(order, out var admission) && admission.WasLost;

    /// <summary>The last step at which a server that is not the primary admitted it; -1 for never.</summary>
    public long ElsewhereAt(OrderId order) =>
        _admissions.TryGetValue(order, out var admission) ? admission.ElsewhereAt : -1;

    /// <summary>Whether a server ever came to have less of this sale than it had.</summary>
    public bool HasLost(SaleId sale) => Of(sale).HasLost;

    /// <summary>Units that gates have ever given to orders of a sale.</summary>
    public long UnitsOf(SaleId sale) => Of(sale).Units;

    /// <summary>The same of one buyer, with the number of the orders.</summary>
    public (int Orders, int Units) Of(SaleId sale, BuyerId buyer) => Of(sale).Of(buyer);

    /// <summary>An order that was admitted and was not lost, and that the store does not have; null for none.</summary>
    public OrderId? FindUnwritten()
    {
        foreach (var (order, admission) in _admissions)
        {
            if (admission.IsSafe && world.Store.Find(order) is null)
            {
                return order;
            }
        }

        return null;
    }

    /// <summary>F14: no clock that is behind, or ahead, has a sale begin early.</summary>
    private void CheckOpening(in Claim claim)
    {
        if (world.Store.Find(claim.Order.Sale) is { Sale: var terms } && world.Clock.GetUtcNow() < terms.OpensAt)
        {
            world.Auditor.Break(
                "F14 no early sale", $"{OrderSheet.Short(claim.Order)} was admitted before {terms.Id} opens.");
        }
    }

    private void Lose(OrderId order, Admission admission)
    {
        if (world.Store.Find(order) is null)
        {
            Lost += admission.WasLost ? 0 : 1;
            admission.IsSafe = false;
            admission.WasLost = true;
        }
    }

    private SaleAdmissions Of(SaleId sale)
    {
        if (!_sales.TryGetValue(sale, out var known))
        {
            _sales.Add(sale, known = new SaleAdmissions());
        }

        return known;
    }

    /// <summary>One order's admissions: there are several where one was lost.</summary>
    private sealed class Admission
    {
        /// <summary>The epoch of the last.</summary>
        public long Epoch { get; set; }

        /// <summary>Whether the last of them has not been lost.</summary>
        public bool IsSafe { get; set; }

        /// <summary>Whether any of them has been.</summary>
        public bool WasLost { get; set; }

        /// <summary>The last step at which it was admitted by a server that is not the primary.</summary>
        public long ElsewhereAt { get; set; } = -1;
    }

    /// <summary>What gates have given of one sale, each order's units once.</summary>
    private sealed class SaleAdmissions
    {
        private readonly Dictionary<BuyerId, (int Orders, int Units)> _buyers = [];

        public long Units { get; private set; }

        public bool HasLost { get; set; }

        /// <summary>The highest fence that was lost: a gate of that epoch may open though it is over.</summary>
        public long LostFence { get; set; }

        public void Add(in Claim claim)
        {
            Units += claim.Quantity;
            var (orders, units) = Of(claim.Buyer);
            _buyers[claim.Buyer] = (orders + 1, units + claim.Quantity);
        }

        public (int Orders, int Units) Of(BuyerId buyer) => _buyers.GetValueOrDefault(buyer);
    }
}
