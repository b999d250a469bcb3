using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>
/// A house rule is a pure function that names what breaks it, one sentence each. It is asserted twice: over the
/// repository, which keeps it, and over a few lines made up to break it, so that a rule that sees nothing is found out.
/// </summary>
internal static class HouseRule
{
    public static void IsKept(IEnumerable<string> breaches)
    {
        var found = breaches.ToList();
        if (found.Count > 0)
        {
            Assert.Fail($"{found.Count} breach(es) of a house rule:\n  {string.Join("\n  ", found)}");
        }
    }

    public static void IsBroken(IEnumerable<string> breaches, params string[] each) => Assert.Equal(each, breaches);
}
