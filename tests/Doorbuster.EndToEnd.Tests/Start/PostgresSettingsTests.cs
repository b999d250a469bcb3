using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Start;

/// <summary>ConnectionStrings:Postgres says where the database is and who asks, and no more.</summary>
public sealed class PostgresSettingsTests
{
    [Theory]
    [InlineData("", "ConnectionStrings:Postgres is not set")]
    [InlineData("Username=anna", "names no Host")]
    [InlineData("Host=127.0.0.1;Maximum Pool Size=5;Password=hush", "has 'Maximum Pool Size'")]
    [InlineData("Host=127.0.0.1;Search Path=shop;Password=hush", "Doorbuster:Postgres says by Schema")]
    [InlineData("Host=127.0.0.1;Colour=red;Password=hush", "is no connection string of Npgsql's")]
    public async Task What_the_connection_string_may_not_say_is_named(string text, string message)
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Store"] = "postgres",
                ["ConnectionStrings:Postgres"] = text,
            },
        };

        var refused = await Executable.RunAsync(plan.CommandLine, environment: plan.Environment);

        Assert.True(refused.ExitCode == 1 && refused.Errors.Contains(message), refused.ToString());
        Assert.DoesNotContain("hush", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F16_a_database_that_does_not_answer_is_waited_for_and_then_named()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Store"] = "postgres",
                ["Doorbuster:Postgres:WaitAtStart"] = "00:00:01",
                ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Username=nobody;Password=hush",
            },
        };

        var ended = await Executable.RunAsync(plan.CommandLine, environment: plan.Environment);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("PostgreSQL does not answer yet (127.0.0.1:1", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("(Doorbuster:Postgres:WaitAtStart)", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
    }
}
