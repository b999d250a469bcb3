namespace Doorbuster;

/// <summary>An amount in minor units (cents, sen, fils) of an ISO 4217 currency.</summary>
/// <param name="Amount">Minor units, from 0 to <see cref="MaxAmount"/> for a price.</param>
/// <param name="Currency">Three capital letters.</param>
public readonly record struct Money(long Amount, string Currency)
{
    /// <summary>The highest price of one unit; times the largest quantity it still fits 64 bits.</summary>
    public const long MaxAmount = 10_000_000_000;

    /// <summary>What several units cost together.</summary>
    /// <exception cref="OverflowException">The product does not fit 64 bits; limits make that impossible.</exception>
    public Money Times(int quantity) => this with { Amount = checked(Amount * quantity) };

    /// <summary>Whether the text has the form of a currency code.</summary>
    public static bool IsCurrency(string? text) =>
        text is { Length: 3 } && !text.AsSpan().ContainsAnyExceptInRange('A', 'Z');
}
