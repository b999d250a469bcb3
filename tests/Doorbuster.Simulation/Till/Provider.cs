using Doorbuster.Payments;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Till;

/// <summary>
/// A payment provider as bad as its run draws it. It takes money, tells of it by signed events until they are accepted,
/// and gives money back, once a payment however often it is asked. Its book is what the money is counted by.
/// </summary>
internal sealed class Provider(World world)
{
    private readonly Dictionary<PaymentId, Account> _book = [];
    private readonly List<Account> _accounts = [];
    private readonly Draw _draw = Draw.Of(world.Seed, Part.Provider);
    private long _downUntil;
    private int _messages;

    /// <summary>Every payment that money was taken under, in the order in which it was.</summary>
    public IReadOnlyList<Account> Accounts => _accounts;

    /// <summary>Events that the shop has not accepted yet.</summary>
    public int Undelivered { get; private set; }

    /// <summary>The account of a payment; null where no money was taken under it.</summary>
    public Account? Find(PaymentId payment) => _book.GetValueOrDefault(payment);

    /// <summary>Opens a payment: says where it is paid.</summary>
    public async Task<Said<Uri>> CheckoutAsync(PaymentId payment) =>
        await AnswerAsync(patience: 3_000) is { } fault ? new Said<Uri>(fault)
        : new Said<Uri>(null, new Uri($"https://pay.example/{payment}"));

    /// <summary>Gives the money of a payment back.</summary>
    public async Task<Said<RefundReceipt>> RefundAsync(Payment payment)
    {
        if (await AnswerAsync(patience: 60_000) is { } fault)
        {
            return new Said<RefundReceipt>(fault);
        }

        if (world.Faults.Strike(FaultKind.RefundRefused))
        {
            world.Trace.Add("provider", $"refuses to give {Short(payment.Id)} back");
            return new Said<RefundReceipt>("The refund was refused.");
        }

        var account = Find(payment.Id);
        world.Auditor.Money.RefundAsked(account, payment);
        if (!account!.IsGivenBack && !account.IsGivingBack && world.Faults.Strike(FaultKind.RefundTakenOn))
        {
            world.Trace.Add("provider", $"will give {Short(payment.Id)} back");
            account.IsGivingBack = true;
            _ = GiveBackLaterAsync(account);
        }

        if (account.IsGivingBack)
        {
            return new Said<RefundReceipt>(null, RefundReceipt.Accepted);
        }

        account.IsGivenBack = true;
        world.Trace.Add("provider", $"gives {Short(payment.Id)} back");
        return world.Faults.Strike(FaultKind.RefundDoneUntold)
            ? new Said<RefundReceipt>("Nobody was told that it was done.")
            : new Said<RefundReceipt>(null, RefundReceipt.Refunded);
    }

    /// <summary>A buyer pays: the money is taken once a payment, and the shop is told.</summary>
    public async Task TakeAsync(PaymentId payment, OrderId order, Money amount)
    {
        if (_book.TryGetValue(payment, out var account))
        {
            // The page says that it is paid already; the shop may be told again all the same.
            await PatientlyAsync(TellAsync("payment.captured", account));
            return;
        }

        account = new Account(payment, order, amount);
        _book.Add(payment, account);
        _accounts.Add(account);
        world.Trace.Add("provider", $"takes {amount.Amount} for {Short(payment)}");
        var tellings = world.Faults.Strike(FaultKind.EventDoubled) ? 2 : 1;
        await PatientlyAsync(
            Task.WhenAll(Enumerable.Range(0, tellings).Select(_ => TellAsync("payment.captured", account))));
    }

    /// <summary>A buyer's attempt to pay fails.</summary>
    public Task DeclineAsync(PaymentId payment, OrderId order, Money amount) =>
        PatientlyAsync(TellAsync("payment.failed", new Account(payment, order, amount)));

    /// <summary>Someone who has no key tells that an order was paid.</summary>
    public async Task ForgeAsync(OrderId order, Money amount)
    {
        var payment = PaymentId.Of(order, 1);
        var webhook = Webhook.Sign(
            World.ForgersKeys, $"msg-forged-{_messages++}", world.Clock.GetUtcNow(), "payment.captured", payment,
            order.ToString(), amount);
        var reply = await world.Network.AskAsync((shop, _) => shop.TakeEventAsync(webhook));
        world.Trace.Add("forger", $"tells that {Short(payment)} was paid: {Reply.Text(reply)}");
        world.Auditor.Money.ForgedEventAnswered(reply);
    }

    /// <summary>What a payment is called in a trace.</summary>
    public static string Short(PaymentId payment) =>
        payment.TryRead(out var order, out var attempt)
            ? $"payment {attempt} of {OrderSheet.Short(order)}"
            : $"payment {payment}";

    /// <summary>Who pays waits a while for the shop to know, and goes on though it does not.</summary>
    private Task PatientlyAsync(Task telling) => Task.WhenAny(telling, PauseAsync());

    private async Task PauseAsync() => await world.WaitAsync(1_000);

    private async Task GiveBackLaterAsync(Account account)
    {
        await world.WaitAsync(_draw.Next(20, 400));
        account.IsGivenBack = true;
        world.Trace.Add("provider", $"has given {Short(account.Payment)} back");
        await TellAsync("payment.refunded", account);
        account.IsGivingBack = false;
    }

    /// <summary>Tells the shop, again and again, until it accepts what is told.</summary>
    private async Task TellAsync(string type, Account account)
    {
        Undelivered++;
        var id = $"msg-{_messages++}";
        await world.WaitAsync(world.Faults.Strike(FaultKind.EventLate)
            ? world.Faults.Next(FaultKind.EventLate, 200, 3_000)
            : _draw.Next(1, 40));
        var patience = 50;
        while (true)
        {
            var webhook = Webhook.Sign(
                World.ProvidersKeys, id, world.Clock.GetUtcNow(), type, account.Payment, account.Order.ToString(),
                account.Amount);
            var isAltered = world.Faults.Strike(FaultKind.EventAltered);
            if (isAltered)
            {
                webhook = webhook.Alter(_draw.Next(1_000));
            }

            var reply = await world.Network.AskAsync((shop, _) => shop.TakeEventAsync(webhook));
            world.Trace.Add(
                "provider",
                $"tells {type} of {Short(account.Payment)}{(isAltered ? ", altered" : "")}: {Reply.Text(reply)}");
            world.Auditor.Money.EventAnswered(type, account, isAltered, reply);
            if (reply?.Status == 200)
            {
                break;
            }

            // Longer each time, as providers do, and never so long that the end would wait for it.
            patience = Math.Min(2 * patience, 2_000);
            await world.WaitAsync(_draw.Next(10, patience));
        }

        Undelivered--;
    }

    /// <summary>Answers after a while, or not at all.</summary>
    /// <returns>Why there is no answer; null where there is.</returns>
    private async Task<string?> AnswerAsync(int patience)
    {
        if (world.Faults.Strike(FaultKind.ProviderDown))
        {
            _downUntil = world.Agenda.Now
                + TimeSpan.TicksPerMillisecond * world.Faults.Next(FaultKind.ProviderDown, 100, 1_500);
            world.Trace.Add("provider", "is down");
        }

        if (world.Faults.Strike(FaultKind.ProviderHangs))
        {
            world.Trace.Add("provider", "hangs");
            await world.WaitAsync(patience);
            return "The provider did not answer in time.";
        }

        await world.WaitAsync(_draw.Next(1, 30));
        return !world.Faults.IsOver && world.Agenda.Now < _downUntil ? "The provider is down." : null;
    }
}

/// <summary>What the provider says to a call.</summary>
/// <param name="Fault">What its caller is told in place of an answer; null where there is one.</param>
/// <param name="Answer">The answer.</param>
internal readonly record struct Said<T>(string? Fault, T? Answer = default);

/// <summary>What a provider's book has under a payment.</summary>
internal sealed class Account(PaymentId payment, OrderId order, Money amount)
{
    public PaymentId Payment => payment;

    public OrderId Order => order;

    /// <summary>What was taken.</summary>
    public Doorbuster.Money Amount => amount;

    /// <summary>Whether it was given back.</summary>
    public bool IsGivenBack { get; set; }

    /// <summary>Whether it is about to be given back, or that it was is about to be told.</summary>
    public bool IsGivingBack { get; set; }

    /// <summary>Whether the shop has accepted the news that it was taken.</summary>
    public bool IsTold { get; set; }
}
