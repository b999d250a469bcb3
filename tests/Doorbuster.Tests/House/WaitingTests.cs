using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>
/// No test sleeps and hopes: it turns a clock, or waits for a condition. Waiting for a condition looks again and again,
/// and so has to sleep somewhere: in a file named Waiting.cs, whose methods are named by what they wait for.
/// </summary>
public sealed partial class WaitingTests
{
    [Fact]
    public void No_test_sleeps_to_wait() => HouseRule.IsKept(Repository.Under("tests/").SelectMany(Sleeps));

    [Theory]
    [InlineData("Thread.Sleep(100);")]
    [InlineData("await Task.Delay(100);")]
    [InlineData("await Task.Delay(TimeSpan.FromTicks(Math.Max(1, 2)), cancellationToken);")]
    [InlineData("await Task.Delay(100, TimeProvider.System);")]
    public void A_sleep_is_found(string text) =>
        HouseRule.IsBroken(Sleeps(new SourceFile("tests/A.cs", text)), "tests/A.cs sleeps to wait");

    [Theory]
    [InlineData("tests/A.cs", "await Task.Delay(TimeSpan.FromSeconds(1), world.Clock, cancellationToken);")]
    [InlineData("tests/A.cs", "await Task.Delay(delay, _time);")]
    [InlineData("tests/A.cs", "// Thread.Sleep(1) would not do here.")]
    [InlineData("tests/Waiting.cs", "await Task.Delay(5);")]
    public void A_clock_may_be_waited_for(string path, string text) =>
        HouseRule.IsKept(Sleeps(new SourceFile(path, text)));

    private static IEnumerable<string> Sleeps(SourceFile file) =>
        file.Name == "Waiting.cs"
            ? []
            : Sleep().Matches(file.Code)
                .Where(match => !Clock().IsMatch(match.Groups["arguments"].Value))
                .Select(_ => $"{file.Path} sleeps to wait");

    // Thread.Sleep, or Task.Delay with its arguments up to the closing parenthesis that is its own.
    [GeneratedRegex(
        """
        \bThread\.Sleep\b
        | \bTask\.Delay\s*\((?<arguments>(?>[^()]+|(?<open>\()|(?<-open>\)))*)(?(open)(?!))\)
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Sleep();

    // An argument after the first that is named like a clock; TimeProvider.System is none that a test can turn.
    [GeneratedRegex(@",\s*[\w.]*(?:[Cc]lock|[Tt]ime(?:Provider)?)\s*(?:,|$)")]
    private static partial Regex Clock();
}
