using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;

namespace Doorbuster.Simulation.People;

/// <summary>Which branches a claim's answer shows to have been reached.</summary>
internal static class ClaimBranches
{
    public static void Note(
        World world, Attempt attempt, Reply? reply, bool wasUnheard, int processes, bool isTokenLate)
    {
        var auditor = world.Auditor;
        if (auditor.Truth.Find(attempt.Sale) is not { } sale || reply is null)
        {
            return;
        }

        if (reply is { Status: 200, Order: { } sheet })
        {
            auditor.Reach(Branch.Replayed);
            Reach(wasUnheard && !attempt.WasAdmitted, Branch.UnheardOrderFound);
            Reach(sale.Row.Stock.Available == 0, Branch.ReplayedAfterSoldOut);
            Reach(sale.Row.Sale.Mode == SaleMode.Paused, Branch.ReplayedWhilePaused);
            Reach(
                sale.Row.Sale.Mode == SaleMode.Closed || sale.Row.Sale.ClosesAt <= world.Clock.GetUtcNow(),
                Branch.ReplayedAfterClose);
            Reach(sale.Row.IsOver, Branch.ReplayedAfterEnd);
            Reach(processes > 1 || world.Server.Processes > 1, Branch.ReplayedAfterRestart);
            Reach(isTokenLate, Branch.ReplayedWithExpiredToken);
            Reach(sheet.Status == OrderStatus.Cancelled, Branch.ReplayOfCancelled);
            Reach(sheet.Status == OrderStatus.Expired, Branch.ReplayOfExpired);
            Reach(sheet.Status == OrderStatus.Paid, Branch.ReplayOfPaid);
            Reach(sheet.Status == OrderStatus.Rejected, Branch.ReplayOfRejected);
            return;
        }

        Reach(sale.Row.IsOver && reply.Problem == "sale-closed", Branch.RefusedAfterEnd);
        auditor.Reach(reply.Problem switch
        {
            null when reply.Status == 202 => Branch.ToldQueued,
            null => Branch.Admitted,
            "order-rejected" => Branch.ToldRejected,
            "sold-out" => Branch.RefusedSoldOut,
            "insufficient-stock" => Branch.RefusedInsufficient,
            "buyer-limit-reached" => HasPaid(sale, attempt.Buyer) ? Branch.RefusedLimitByPaid : Branch.RefusedLimit,
            "sale-not-open" => Branch.RefusedNotOpen,
            "sale-paused" => Branch.RefusedPaused,
            "sale-closed" => Branch.RefusedClosed,
            "outcome-unknown" => Branch.ToldUnknown,
            "purchase-token-invalid" => Branch.TokenRefused,
            _ => Branch.ToldBusy,
        });

        void Reach(bool isReached, Branch branch)
        {
            if (isReached)
            {
                auditor.Reach(branch);
            }
        }
    }

    private static bool HasPaid(SaleTruth sale, BuyerId buyer) =>
        sale.Orders.Exists(order => order.Row.Buyer == buyer && order.Row.Status == OrderStatus.Paid);
}
