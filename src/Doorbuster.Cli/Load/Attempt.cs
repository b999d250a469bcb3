namespace Doorbuster.Cli.Load;

/// <summary>One sending of one claim.</summary>
/// <param name="Claim">Which claim, from 0.</param>
/// <param name="Number">1 for the first sending; one more each time the same claim is sent again.</param>
/// <param name="DueAt">The intended time of the first sending, a <see cref="System.Diagnostics.Stopwatch"/> timestamp.
/// </param>
internal readonly record struct Attempt(int Claim, int Number, long DueAt)
{
    /// <summary>The same claim, sent again: the buyer has been waiting since the first time.</summary>
    public Attempt Again() => this with { Number = Number + 1 };
}
