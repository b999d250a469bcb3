using System.Text.RegularExpressions;
using Doorbuster.Server.Tests.Reference;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Doorbuster.Server.Tests.Telemetry;

/// <summary>What is searched for in logs has one number, one name and one place.</summary>
public sealed partial class LogEntryTests
{
    private static readonly IReadOnlyDictionary<string, int> Registry = typeof(EventIds).GetFields()
        .ToDictionary(field => field.Name, field => (int)field.GetRawConstantValue()!);

    [Fact]
    public void Every_entry_of_the_log_is_in_the_registry_once_under_its_own_name()
    {
        var entries = LogEntry.All;

        Assert.NotEmpty(entries);
        Assert.Equal(
            Registry.Select(known => $"{known.Value} {known.Key}").Order(),
            entries.Select(entry => $"{entry.Declared.EventId} {entry.Method.Name}").Order());
        Assert.Equal(Registry.Count, Registry.Values.Distinct().Count());
    }

    [Fact]
    public void Every_entry_is_written_by_a_class_beside_its_user() => Assert.All(LogEntry.All, entry =>
        Assert.True(
            entry.Method.DeclaringType is { Name: "Log", IsNestedPrivate: true }, $"{entry.Method.DeclaringType}"));

    [Fact]
    public void An_entry_that_operators_see_names_no_buyer_and_no_token() => Assert.All(
        LogEntry.All.Where(entry => entry.Declared.Level >= LogLevel.Information),
        entry => Assert.DoesNotMatch(Personal(), entry.Declared.Message));

    [GeneratedRegex(@"\{[^}]*(buyer|token|order|caller)[^}]*\}", RegexOptions.IgnoreCase)]
    private static partial Regex Personal();
}
