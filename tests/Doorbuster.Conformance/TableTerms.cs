using System.Globalization;

namespace Doorbuster.Conformance;

/// <summary>The first line of a <see cref="ClaimTable"/>: a sale's terms, and who judges.</summary>
public sealed record TableTerms
{
    /// <summary>Units left at first; <c>quantity 2</c>.</summary>
    public int Quantity { get; init; } = 10;

    /// <summary>The most units one buyer holds; <c>limit 1</c>.</summary>
    public int Limit { get; init; } = 1;

    /// <summary><c>opens 12:00</c>.</summary>
    public DateTimeOffset OpensAt { get; init; } = Samples.Noon;

    /// <summary><c>closes 13:00</c>; open-ended without.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary><c>now 12:01</c>: when the first batch is judged.</summary>
    public DateTimeOffset Now { get; init; } = Samples.Noon.AddMinutes(1);

    /// <summary><c>paused</c> or <c>closed</c>.</summary>
    public SaleMode Mode { get; init; }

    /// <summary><c>orders kept 2</c>: the most orders kept of one buyer.</summary>
    public int OrdersPerBuyer { get; init; } = 64;

    /// <summary><c>no gate</c>.</summary>
    public bool NoGate { get; init; }

    /// <summary><c>log behind</c>.</summary>
    public bool LogIsBehind { get; init; }

    /// <summary><c>old epoch</c>: the claims carry another epoch than the sale's.</summary>
    public bool OldEpoch { get; init; }

    /// <summary><c>tokens over</c>: the claims' purchase tokens have expired, so they may only repeat.</summary>
    public bool TokensAreOver { get; init; }

    /// <summary><c>store</c>: the store judges claims that a gate admitted, not the gate.</summary>
    public bool StoreJudges { get; init; }

    /// <summary>Reads the terms, separated by commas.</summary>
    public static TableTerms Parse(string line) =>
        line.Split(',', StringSplitOptions.TrimEntries).Aggregate(new TableTerms(), (terms, word) => terms.With(word));

    /// <summary>A time of the sample day.</summary>
    public static DateTimeOffset Time(string text) =>
        Samples.Noon.AddHours(-12) + TimeOnly.Parse(text, CultureInfo.InvariantCulture).ToTimeSpan();

    private TableTerms With(string word)
    {
        var last = word[(word.LastIndexOf(' ') + 1)..];
        return word[..^last.Length].Trim() switch
        {
            "quantity" => this with { Quantity = Number(last) },
            "limit" => this with { Limit = Number(last) },
            "orders kept" => this with { OrdersPerBuyer = Number(last) },
            "opens" => this with { OpensAt = Time(last) },
            "closes" => this with { ClosesAt = Time(last) },
            "now" => this with { Now = Time(last) },
            _ => word switch
            {
                "paused" => this with { Mode = SaleMode.Paused },
                "closed" => this with { Mode = SaleMode.Closed },
                "no gate" => this with { NoGate = true },
                "log behind" => this with { LogIsBehind = true },
                "old epoch" => this with { OldEpoch = true },
                "tokens over" => this with { TokensAreOver = true },
                "store" => this with { StoreJudges = true },
                _ => throw new FormatException($"'{word}' is no term of a sale."),
            },
        };
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
