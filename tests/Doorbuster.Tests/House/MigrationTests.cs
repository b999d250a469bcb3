using System.Globalization;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>
/// A schema's version is how many migrations it has had, so each file has the number of its place: two of one number,
/// from two branches, would make two schemas of one version.
/// </summary>
public sealed class MigrationTests
{
    [Fact]
    public void Migrations_are_numbered_without_a_gap() => HouseRule.IsKept(
        Wrong(Repository.Under("src/Doorbuster.Sql/").Select(file => file.Path)));

    [Fact]
    public void Two_of_one_number_are_wrong() => HouseRule.IsBroken(
        Wrong(["a/Migrations/0001_a.sql", "a/Migrations/0001_b.sql", "b/Migrations/0001_a.sql"]),
        "a/Migrations/0001_b.sql is migration 2 of its folder");

    private static IEnumerable<string> Wrong(IEnumerable<string> paths) =>
        from path in paths
        where path.EndsWith(".sql", StringComparison.Ordinal)
        group path by Path.GetDirectoryName(path) into folder
        from step in folder.Order(StringComparer.Ordinal).Index()
        let number = (step.Index + 1).ToString("0000", CultureInfo.InvariantCulture)
        where !Path.GetFileName(step.Item).StartsWith($"{number}_", StringComparison.Ordinal)
        select $"{step.Item} is migration {step.Index + 1} of its folder";
}
