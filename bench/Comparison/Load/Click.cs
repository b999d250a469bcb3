namespace Doorbuster.Comparison.Load;

/// <summary>A buyer's click, and its answer.</summary>
/// <param name="Buyer">Who clicked.</param>
/// <param name="DueAt">When it was to be sent, as decided before the crowd came.</param>
/// <param name="AnsweredAt">When its last answer came.</param>
/// <param name="Status">The last answer's status; 0 where none came.</param>
internal readonly record struct Click(string Buyer, DateTimeOffset DueAt, DateTimeOffset AnsweredAt, int Status)
{
    /// <summary>Whether the buyer was told yes: there is an order, or there will be one.</summary>
    public bool IsYes => Status is >= 200 and < 300;

    /// <summary>Whether the answer said that the order is in the store already.</summary>
    public bool IsOrder => Status is 200 or 201;
}
