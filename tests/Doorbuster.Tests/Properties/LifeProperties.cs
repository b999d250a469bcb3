using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Doorbuster.Tests.Properties;

/// <summary>
/// F11, F12, F19: random histories of one sale, by the production engine and by a naive shop. Whatever comes, twice,
/// late, wrong or at the same moment: stock, orders and money are equal after each step (I1 to I5).
/// </summary>
public sealed class LifeProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(250);

    private static readonly string[] Answers =
    [
        "Claim Admitted", "Claim Replayed", "Claim KeyReused", "Claim NotOpen", "Claim Paused", "Claim Closed",
        "Claim BuyerLimit", "Claim SoldOut", "Claim Insufficient", "Cancel Done", "Cancel Refused",
        "Cancel Done and Stands", "Pay Done", "Pay Refused", "Pay Done and Stands", "Turn Done", "Turn Closed",
        "Replenish Done", "Replenish RequestReused", "Edit Done", "Edit RevisionDiffers", "Edit NotScheduled",
        "Restart ",
    ];

    /// <summary>Late money that cannot have its units is rare, for one reason or the other.</summary>
    private static readonly string[][] Reasons =
    [
        ["OrderUnknown"], ["AmountDiffers"], ["OrderCancelled"], ["AlreadyPaid"], ["NoUnitsLeft", "BuyerLimit"],
    ];

    private static readonly string[] States = ["Created", "Failed", "Captured", "RefundDue", "Refunded"];

    [Fact]
    public void The_engine_and_a_naive_shop_have_the_same_stock_orders_and_money_after_every_step()
    {
        var played = new List<(IReadOnlyList<string> Told, NaiveShop End)>();
        Prop.ForAll(LifeHistories.Any, history => played.Add(LifeShop.Play(history))).Check(Thorough);

        // What is never drawn is never tried.
        var told = played.SelectMany(one => one.Told).CountBy(word => word).ToDictionary();
        var payments = played.SelectMany(one => one.End.Payments.Values).ToList();
        Assert.All(Answers, answer => Came(answer, told.GetValueOrDefault(answer)));
        Assert.All(Reasons, reason => Came(
            string.Join(" or ", reason), payments.Count(payment => reason.Contains(payment.Reason))));
        Assert.All(States, state => Came(state, payments.Count(payment => payment.State == state)));
        Came("Revived", played.SelectMany(one => one.End.Orders.Values).Count(order => order.WasRevived));
    }

    [Fact]
    public void A_naive_shop_that_forgets_expiry_is_told_apart_by_a_handful_of_steps()
    {
        LifeHistory? smallest = null;
        void Differ(LifeHistory history)
        {
            try
            {
                LifeShop.Play(history, forgetsExpiry: true);
            }
            catch (Exception)
            {
                smallest = history;
                throw;
            }
        }

        Assert.ThrowsAny<Exception>(() => Prop.ForAll(LifeHistories.Any, Differ).Check(Thorough));

        Assert.InRange(smallest!.Steps.Count, 1, 8);
        Assert.Contains(smallest.Steps, step => step is LifeStep.Claim);
    }

    private static void Came(string what, int times) =>
        Assert.True(times > 0, $"'{what}' never came: the histories are not what they should be.");
}
