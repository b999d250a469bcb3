using Doorbuster.AspNetCore.Problems;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>What a part of a request says, or why it says nothing.</summary>
/// <param name="Value">What it says; not to be used where there is a problem.</param>
/// <param name="Problem">Why it is refused; null where it is not.</param>
internal readonly record struct Parsed<T>(T Value, Problem? Problem)
{
    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(Problem problem) => new(default!, problem);
}
