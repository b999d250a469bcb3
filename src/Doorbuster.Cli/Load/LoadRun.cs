using System.Diagnostics;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>
/// A crowd from its first connection to its figures: it reads the sale, takes its tokens, waits for the doors, and
/// claims.
/// </summary>
/// <param name="plan">What the crowd does.</param>
/// <param name="buyers">Who they are.</param>
/// <param name="clock">This machine's time.</param>
/// <param name="purchases">What they do with their orders; nothing where null.</param>
internal sealed class LoadRun(LoadPlan plan, IBuyers buyers, TimeProvider clock, Purchases? purchases = null)
{
    // Purchase tokens live for 15 minutes, so those of a sale that is far off are taken this long before it opens.
    private static readonly TimeSpan TokensBeforeOpening = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    // With a rate, the first claim is due once every connection surely waits for one.
    private static readonly TimeSpan LeadOfTheFirst = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls before the first claim, at most: enough that what sends them is compiled for good.</summary>
    private const int MostRehearsed = 16_384;

    /// <summary>How far it has come.</summary>
    public LoadProgress Progress { get; } = new() { Feed = purchases?.Feed };

    /// <summary>Runs once.</summary>
    /// <exception cref="CommandException">The crowd could not begin: nothing was claimed.</exception>
    public async Task<LoadOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using var connections = await Connections.OpenAsync(plan.Server, plan.Connections, cancellationToken);
        var reader = new SaleReader(plan, connections.First, clock);
        var sale = await reader.ReadAsync(cancellationToken);
        if (sale.State == "closed")
        {
            throw CommandException.Failed($"The sale '{plan.Sale}' is closed; a crowd would be refused to the last.");
        }

        var opensAt = await reader.ReadOpeningAsync(cancellationToken);
        Progress.Waits(opensAt, sale.Quantity);
        await WaitUntilAsync(opensAt - TokensBeforeOpening, cancellationToken);

        Progress.TakesTokens();
        var credentials =
            await Credentials.TakeAsync(plan, sale, buyers, connections, Progress, cancellationToken);
        RefuseIfTooSlow(credentials, opensAt);
        await RehearseAsync(connections, credentials, cancellationToken);

        Progress.Waits(opensAt, sale.Quantity);
        await WaitUntilAsync(opensAt, cancellationToken);
        var crowd = new Crowd(
            plan,
            () => new ClaimRequest(plan, credentials).For,
            connections,
            Progress,
            purchases is null ? null : purchases.Note);
        var figures = purchases is null
            ? await crowd.ClaimAsync(FirstIsDueAt(), cancellationToken)
            : await BuyAsync(crowd, purchases, credentials, sale.Quantity, cancellationToken);
        return new LoadOutcome(figures, await WasSoldOutAsync(reader, cancellationToken));
    }

    /// <summary>Claims, and pays beside it; where one of the two fails the other ends too.</summary>
    private async Task<CrowdFigures> BuyAsync(
        Crowd crowd, Purchases paying, Credentials credentials, int quantity, CancellationToken cancellationToken)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var paid = paying.RunAsync(credentials, quantity, together.Token);
        var claimed = crowd.ClaimAsync(FirstIsDueAt(), together.Token);
        try
        {
            if (await Task.WhenAny(claimed, paid) == paid)
            {
                await paid;
            }

            var figures = await claimed;
            paying.CrowdIsDone();
            Progress.Settles();
            await paid;
            return figures;
        }
        catch
        {
            await together.CancelAsync();
            throw;
        }
    }

    /// <summary>
    /// Does all that the crowd will do, at its pace and for a second at most, but sends a look at the sale in each
    /// claim's place, as buyers look before the doors open. What the crowd's own code costs while it is new would
    /// otherwise count as the server's slowness.
    /// </summary>
    private async Task RehearseAsync(
        Connections connections, Credentials credentials, CancellationToken cancellationToken)
    {
        var calls = Math.Min(MostRehearsed, Math.Ceiling(plan.RatePerSecond ?? MostRehearsed));
        var rehearsal = plan with { Buyers = Math.Min(plan.Buyers, (int)calls) };
        var look = RequestBytes.Get(plan.Server, $"/v1/sales/{plan.Sale}");
        var crowd = new Crowd(
            rehearsal,
            () =>
            {
                var request = new ClaimRequest(plan, credentials);
                return claim => request.For(claim).IsEmpty ? default : look;
            },
            connections,
            new LoadProgress());
        var figures = await crowd.ClaimAsync(FirstIsDueAt(), cancellationToken);
        if (figures.Unanswered > 0)
        {
            throw CommandException.Failed("The server stopped answering before the first claim was sent.");
        }
    }

    private long FirstIsDueAt() => plan.RatePerSecond is null
        ? Stopwatch.GetTimestamp()
        : Stopwatch.GetTimestamp() + (long)(LeadOfTheFirst.TotalSeconds * Stopwatch.Frequency);

    private static async Task<bool> WasSoldOutAsync(SaleReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return (await reader.ReadAsync(cancellationToken)).SoldOut;
        }
        catch (CommandException)
        {
            // A server that went away under the crowd: what the crowd met is worth a report all the same.
            return false;
        }
    }

    private async Task WaitUntilAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        while (moment - clock.GetUtcNow() is { Ticks: > 0 } left)
        {
            // Rounded up to the timer's grain, so that it does not wake a little before the moment.
            var wait = left < LongestDelay ? left + TimeSpan.FromMilliseconds(1) : LongestDelay;
            await Task.Delay(wait, cancellationToken);
        }
    }

    private void RefuseIfTooSlow(Credentials credentials, DateTimeOffset opensAt)
    {
        var now = clock.GetUtcNow();
        var start = opensAt > now ? opensAt : now;
        var length = TimeSpan.FromSeconds(plan.RatePerSecond is { } rate ? plan.Buyers / rate : 0);
        if (start + length > credentials.FirstExpiry)
        {
            throw CommandException.Failed(
                $"{plan.Buyers} buyers at {plan.RatePerSecond} a second take {length.TotalMinutes:F0} minutes, and "
                + $"their purchase tokens end at {credentials.FirstExpiry:HH:mm:ss} UTC, before the last would claim. "
                + "Raise --rate, or lower --buyers.");
        }
    }
}

/// <summary>What a run came to.</summary>
/// <param name="Figures">What the claims came to.</param>
/// <param name="WasSoldOut">Whether nothing was left after the last of them, as far as the server told.</param>
internal sealed record LoadOutcome(CrowdFigures Figures, bool WasSoldOut)
{
    /// <summary>
    /// Seconds until the sale was sold out: to the first <c>sold-out</c>; where nobody was told so, to the last order,
    /// if it left nothing.
    /// </summary>
    public double? SecondsToSellOut =>
        Figures.SecondsToFirstSoldOut ?? (WasSoldOut ? Figures.SecondsToLastOrder : null);
}
