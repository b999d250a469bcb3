using Doorbuster.AspNetCore.Settings;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Doorbuster.Server.Tests.Settings;

/// <summary>Which gates, stores and queues go together, in one table.</summary>
public sealed class TopologyTests
{
    private const string Postgres = "Host=127.0.0.1;Database=shop";
    private const string Redis = "127.0.0.1:6379";

    /// <summary>Gate, store, queue, and the settings that a refusal names; none where they go together.</summary>
    public static TheoryData<string, string, string, string[]> Combinations => new()
    {
        { "memory", "sqlite", "none", [] },
        { "memory", "postgres", "none", [] },
        { "redis", "postgres", "redis-stream", [] },
        { "redis", "postgres", "rabbitmq", [] },
        { "database", "postgres", "none", [] },
        { "database", "sqlite", "none", ["Doorbuster:Store", "Doorbuster:Gate"] },
        { "database", "postgres", "redis-stream", ["Doorbuster:Queue", "Doorbuster:Gate"] },
        { "database", "postgres", "rabbitmq", ["Doorbuster:Queue", "Doorbuster:Gate"] },
        { "database", "sqlite", "redis-stream", ["Doorbuster:Queue", "Doorbuster:Store"] },
        { "database", "sqlite", "rabbitmq", ["Doorbuster:Queue", "Doorbuster:Store"] },
        { "memory", "sqlite", "rabbitmq", ["Doorbuster:Queue", "Doorbuster:Gate"] },
        { "memory", "postgres", "rabbitmq", ["Doorbuster:Queue", "Doorbuster:Gate"] },
        { "redis", "sqlite", "rabbitmq", ["Doorbuster:Store", "Doorbuster:Gate"] },
        { "memory", "sqlite", "redis-stream", ["Doorbuster:Queue", "Doorbuster:Gate"] },
        { "memory", "postgres", "redis-stream", ["Doorbuster:Queue", "Doorbuster:Gate"] },
        { "redis", "postgres", "none", ["Doorbuster:Queue"] },
        { "redis", "sqlite", "redis-stream", ["Doorbuster:Store", "Doorbuster:Gate"] },
        { "redis", "sqlite", "none", ["Doorbuster:Queue", "Doorbuster:Store"] },
    };

    [Theory]
    [MemberData(nameof(Combinations))]
    public void A_combination_starts_or_is_refused_with_the_setting_to_change(
        string gate, string store, string queue, string[] changes)
    {
        var fault = Record.Exception(() => Read(gate, store, queue, Redis));

        if (changes.Length == 0)
        {
            Assert.Null(fault);
            return;
        }

        var message = Assert.IsType<InvalidSettingsException>(fault).Message;
        Assert.All(changes, change => Assert.Contains(change, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_combination_is_in_the_table()
    {
        var all = from gate in Enum.GetValues<GateKind>()
                  from store in Enum.GetValues<StoreKind>()
                  from queue in Enum.GetValues<QueueKind>()
                  select (SettingValue.Write(gate), SettingValue.Write(store), SettingValue.Write(queue));

        Assert.Equal(
            all.ToHashSet(),
            Combinations.Select(row => (row.Data.Item1, row.Data.Item2, row.Data.Item3)).ToHashSet());
    }

    [Fact]
    public void As_many_batches_as_there_are_connections_for_them_go_to_a_gate_in_the_database()
    {
        Assert.Null(Record.Exception(() => Read("database", "postgres", "none", null, lanes: 4)));

        var fault = Assert.Throws<InvalidSettingsException>(() => Read("database", "postgres", "none", null, lanes: 5));

        Assert.Contains(
            "Doorbuster:Postgres:Writers is 6; it must be at least 7", fault.Message, StringComparison.Ordinal);
        Assert.Null(Record.Exception(() => Read("memory", "postgres", "none", null, lanes: 5)));
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData(" ", "is not set")]
    [InlineData("password=secret", "names no server")]
    [InlineData("127.0.0.1:6379,what=ever", "no connection string")]
    public void A_connection_string_that_leads_nowhere_is_refused_without_its_password(string? redis, string says)
    {
        var fault = Assert.Throws<InvalidSettingsException>(() => Read("redis", "postgres", "redis-stream", redis));

        Assert.Contains("ConnectionStrings:Redis", fault.Message, StringComparison.Ordinal);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    private static DoorbusterOptions Read(string gate, string store, string queue, string? redis, int lanes = 2) =>
        DoorbusterOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Doorbuster:Gate"] = gate,
            ["Doorbuster:Store"] = store,
            ["Doorbuster:Queue"] = queue,
            ["Doorbuster:Database:Lanes"] = $"{lanes}",
            ["ConnectionStrings:Postgres"] = Postgres,
            ["ConnectionStrings:Redis"] = redis,
            ["ConnectionStrings:RabbitMq"] = "amqp://guest:secret@127.0.0.1:5672",
        }).Build());
}
