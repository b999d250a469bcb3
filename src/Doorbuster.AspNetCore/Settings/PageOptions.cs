namespace Doorbuster.AspNetCore.Settings;

/// <summary>The pages that buyers and operators look at (<c>Doorbuster:Pages</c>).</summary>
public sealed record PageOptions
{
    /// <summary>
    /// Whether the server has pages: <c>/</c>, <c>/s/{id}</c>, <c>/o/{id}</c> and <c>/operator</c>. Without them it
    /// answers at those addresses as if they were nothing, and a program that hosts it has them to itself.
    /// </summary>
    public bool Enabled { get; init; } = true;
}
