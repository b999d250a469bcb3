using Doorbuster.AspNetCore.Settings;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Doorbuster.Server.Tests.Settings;

/// <summary>Times that must stand in an order where nodes share a gate.</summary>
public sealed class RelationTests
{
    private const string Commit = "Doorbuster:Postgres:CommandTimeout";
    private const string TakeOver = "Doorbuster:Workers:TakeOverAfter";
    private const string Age = "Doorbuster:Redis:MaxQueueAge";

    /// <summary>What is set, and the settings that a refusal names; none where it is right.</summary>
    public static TheoryData<string, string, string, string[]> Times => new()
    {
        { "00:00:04", "00:00:10", "00:00:30", [] },
        { "00:00:09.999", "00:00:10", "00:00:10.001", [] },
        { "00:00:10", "00:00:10", "00:00:30", [TakeOver, Commit] },
        { "00:00:20", "00:00:10", "00:00:30", [TakeOver, Commit] },
        { "00:00:04", "00:00:10", "00:00:10", [Age, TakeOver] },
        { "00:00:04", "00:00:10", "00:00:05", [Age, TakeOver] },
        { "00:00:40", "00:00:20", "00:00:10", [TakeOver, Commit, Age] },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void A_commit_ends_before_a_take_over_and_that_before_the_gate_is_busy(
        string commit, string takeOver, string age, string[] named)
    {
        var fault = Record.Exception(() => Read("redis", commit, takeOver, age));

        if (named.Length == 0)
        {
            Assert.Null(fault);
            return;
        }

        var message = Assert.IsType<InvalidSettingsException>(fault).Message;
        Assert.All(named, name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_no_worker_takes_over_nothing_is_asked_of_these_times() =>
        Read("memory", "00:00:40", "00:00:20", "00:00:10");

    [Theory]
    [InlineData("00:10:00", null)]
    [InlineData("7.00:00:00", null)]
    [InlineData("00:00:00", "00:00:01")]
    [InlineData("8.00:00:00", "7.00:00:00")]
    public void The_patience_with_dead_letters_has_a_range(string patience, string? says)
    {
        var fault = Record.Exception(() => Read(
            "redis", "00:00:04", "00:00:10", "00:00:30", ("Doorbuster:Workers:DeadLetterPatience", patience)));

        Assert.Equal(says is null, fault is null);
        Assert.Contains(says ?? "", fault?.Message ?? "", StringComparison.Ordinal);
    }

    private static DoorbusterOptions Read(
        string gate, string commit, string takeOver, string age, params (string Name, string Value)[] more) =>
        DoorbusterOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Doorbuster:Gate"] = gate,
                ["Doorbuster:Store"] = "postgres",
                ["Doorbuster:Queue"] = gate == "redis" ? "redis-stream" : "none",
                ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Database=shop",
                ["ConnectionStrings:Redis"] = "127.0.0.1:6379",
                [Commit] = commit,
                [TakeOver] = takeOver,
                [Age] = age,
            }.Concat(more.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value)))).Build());
}
