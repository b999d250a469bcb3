namespace Doorbuster.Comparison.Report;

/// <summary>How many times the confirmed orders of one contender are those of another in the same run.</summary>
internal sealed record Ratio(string Ours, string Theirs, double AtLeast, double Value)
{
    /// <summary>Whether it is what was asked.</summary>
    public bool IsMet => Value >= AtLeast;

    /// <summary>The ratios that are asked of those who ran.</summary>
    public static IReadOnlyList<Ratio> Of(IReadOnlyList<Result> results) =>
    [
        .. from one in results
           where one.Contender.Against is not null
           let asked = one.Contender.Against!.Value
           from other in results
           where other.Contender.Name == asked.Name
           select new Ratio(
               one.Contender.Title, other.Contender.Title, asked.AtLeast, one.AtMost.Orders / other.AtMost.Orders),
    ];
}
