using System.Security.Cryptography;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Start;

/// <summary>Settings that nothing can be started with: each is named, with its value and what it may be.</summary>
public sealed class StartRefusedTests
{
    public static TheoryData<string, string, string[]> Wrong => new()
    {
        { "Doorbuster:Limits:MaxSales", "0", ["0", "1", "100000"] },
        { "Doorbuster:Limits:MaxSales", "100001", ["100001", "1", "100000"] },
        { "Doorbuster:Limits:LaneCapacity", "15", ["15", "16", "1048576"] },
        { "Doorbuster:Limits:LaneCapacity", "many", ["many", "16", "1048576"] },
        { "Doorbuster:Limits:BatchSize", "-1", ["-1", "1", "4096"] },
        { "Doorbuster:Limits:BatchSize", "99999999999", ["99999999999", "1", "4096"] },
        { "Doorbuster:Limits:OrdersPerBuyer", "1.5", ["1.5", "1", "1024"] },
        { "Doorbuster:Limits:OrdersPerSale", "999", ["999", "1000", "60000000"] },
        { "Doorbuster:Limits:OrdersOfAllSales", "999", ["999", "1000", "1000000000"] },
        { "Doorbuster:Limits:QueuedClaims", "0", ["0", "1000", "10000000"] },
        { "Doorbuster:Limits:OrderHints", "1", ["1", "256", "1048576"] },
        { "Doorbuster:Limits:PaymentsPerOrder", "0", ["0", "1", "1024"] },
        { "Doorbuster:Limits:RevisionsPerSale", "1", ["1", "2", "1000000"] },
        { "Doorbuster:Limits:AuditsAtOnce", "65", ["65", "1", "64"] },
        { "Doorbuster:PurchaseTokens:PerBuyerPerMinute", "0", ["0", "1", "1000"] },
        { "Doorbuster:PurchaseTokens:Keys:1", "c2hvcnQ=", ["8", "32"] },
        { "Doorbuster:PurchaseTokens:Keys:1", "base64:c2hvcnQ=", ["5", "32"] },
        { "Doorbuster:PurchaseTokens:Keys:1", "base64:not base64, though it is a text of many bytes", ["base64"] },
        { "Doorbuster:Identity:SigningKey", "base64:c2hvcnQ=", ["5", "32"] },
        { "Doorbuster:Identity:SigningKey", "31 bytes are one fewer than it ", ["31", "32"] },
        { "Doorbuster:Identity:Guests", "perhaps", ["perhaps", "true or false"] },
        { "Doorbuster:Identity:Authority", "http://login.example.com", ["http://login.example.com", "https"] },
        { "Doorbuster:Cors:Origins:0", "shop.example.com", ["shop.example.com", "https://shop.example.com"] },
        { "Doorbuster:Cors:Origins:0", "https://shop.example.com/", ["https://shop.example.com/"] },
        { "Doorbuster:Cors:Origins:0", "https://Shop.example.com", ["https://Shop.example.com"] },
        { "Doorbuster:Cors:Origins:0", "https://shop.example.com:443", [":443"] },
        { "Doorbuster:Cors:Origins:0", "https://kaffeehäuser.example", ["kaffeehäuser"] },
        { "Doorbuster:Cors:Origins:0", "ftp://shop.example.com", ["ftp:"] },
        { "Doorbuster:Cors:Origins:0", "*", ["'*'"] },
        { "Doorbuster:Payments:Provider", "paypal", ["paypal", "http", "sandbox"] },
        { "Doorbuster:Payments:Provider", "http", ["Doorbuster:Payments:Url", "Doorbuster:Payments:RequestSecrets:0"] },
        { "Doorbuster:Payments:Url", "https://shop.example.com/pay", ["Doorbuster:Payments:Provider"] },
        { "Doorbuster:Payments:RequestSecrets:0", Keys.ForeignWebhook, ["Doorbuster:Payments:Provider"] },
        { "Doorbuster:Payments:WebhookSecrets:1", "whsec_c2hvcnQ=", ["whsec_", "24"] },
        { "Doorbuster:Payments:WebhookSecrets:1", "no secret", ["whsec_"] },
        { "Doorbuster:Payments:Timeout", "00:02:00", ["00:02:00", "00:00:01", "00:01:00"] },
        { "Doorbuster:Payments:Sandbox:Repeat", "11", ["11", "0", "10"] },
        { "Doorbuster:Payments:Sandbox:MaxWaiting", "15", ["15", "16", "1048576"] },
        { "Doorbuster:Payments:Sandbox:Alter", "all", ["all", "amount", "signature"] },
        { "Doorbuster:Payments:Sandbox:Url", "ftp://example.com", ["ftp://example.com", "http"] },
        { "Doorbuster:Gate", "redis", ["ConnectionStrings:Redis", "Doorbuster:Queue", "Doorbuster:Store"] },
        { "Doorbuster:Gate", "7", ["7", "memory", "redis"] },
        { "Doorbuster:Store", "postgres", ["postgres", "sqlite"] },
        { "Doorbuster:Queue", "redis-stream", ["Doorbuster:Gate", "none"] },
        { "Doorbuster:Queue", "rabbitmq", ["ConnectionStrings:RabbitMq", "Doorbuster:Gate"] },
        { "Doorbuster:Queue", "kafka", ["kafka", "none", "redis-stream", "rabbitmq"] },
        { "Doorbuster:Roles", "worker", ["Doorbuster:Roles", "Doorbuster:Gate"] },
        { "Doorbuster:Limits:MaxSails", "5", ["MaxSales"] },
        { "Doorbuster:Limitz", "5", ["Limits"] },
        { "Doorbuster:Limits", "5", ["Doorbuster:Limits:"] },
        { "Doorbuster:Limits:MaxWatchersPerSale", "15001", ["15001", "Doorbuster:Limits:MaxWatchers", "15000"] },
        { "Doorbuster:Limits:OrderQueueCapacity", "16", ["OrderBatchSize is 64", "which is 16"] },
        { "Doorbuster:Limits:AuditsAtOnce", "4", ["Doorbuster:Sqlite:Readers is 4", "which is 4"] },
        { "Doorbuster:Limits:MaxWatchers", "20000", ["20000", "Kestrel:Limits:MaxConcurrentConnections"] },
        { "Kestrel:Limits:MaxConcurrentConnections", "15000", ["15000", "Doorbuster:Limits:MaxWatchers"] },
        { "Kestrel:Limits:MaxRequestBodySize", "1", ["1", "1048576"] },
        { "ConnectionStrings:Sqlite", "orders.db", ["Data Source="] },
        { "ConnectionStrings:Sqlite", "Data Source=a.db;Cache=Shared", ["'cache'", "Doorbuster:Sqlite"] },
        { "ConnectionStrings:Sqlite", "Data Source=a.db;Mode=Memory", ["'mode'"] },
        { "ConnectionStrings:Sqlite", "Data Source=a.db;Filename=b.db", ["once"] },
        { "ConnectionStrings:Sqlite", "Data Source=", ["once"] },
        { "ConnectionStrings:Sqlite", "Data Source=:memory:", [":memory:", "on disk"] },
        { "ConnectionStrings:Sqlite", "Data Source=file:a.db?mode=ro", ["URI"] },
        { "ConnectionStrings:Sqlite", "Data Source=|DataDirectory|a.db", ["macro"] },
        { "ConnectionStrings:Sqlite", "Data Source=/tmp", ["directory", "Data Source=/tmp/doorbuster.db"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_setting_that_is_wrong_is_named_with_its_value_and_what_it_may_be(
        string setting, string value, string[] words)
    {
        var errors = await RefusesAsync(new() { [setting] = value });

        Assert.Contains(setting, errors, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_named_at_once()
    {
        var errors = await RefusesAsync(new()
        {
            ["Doorbuster:Limits:MaxSales"] = "0",
            ["Doorbuster:Limits:OrdersPerBuyer"] = "x",
            ["Doorbuster:Gate"] = "cloud",
            ["Doorbuster:Identity:SigningKey"] = "short",
            ["Doorbuster:Limits:BatchSize"] = "512",
            ["Doorbuster:Limits:LaneCapacity"] = "100",
        });

        Assert.All(
            new[] { "MaxSales", "OrdersPerBuyer", "Doorbuster:Gate", "SigningKey", "BatchSize is 512", "LaneCapacity" },
            name => Assert.Contains(name, errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_never_shown()
    {
        var errors = await RefusesAsync(new()
        {
            ["Doorbuster:Identity:SigningKey"] = "secret-but-short",
            ["Doorbuster:PurchaseTokens:Keys:0"] = "secret-too",
            ["ConnectionStrings:Sqlite"] = "Data Source=a.db;Password=secret-as-well",
        });

        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://shop.example.com/pay", "https")]
    [InlineData("shop.example.com", "https")]
    public async Task Payments_are_opened_over_https_or_on_this_machine(string url, string word)
    {
        var errors = await RefusesAsync(new()
        {
            ["Doorbuster:Payments:Provider"] = "http",
            ["Doorbuster:Payments:Url"] = url,
            ["Doorbuster:Payments:RequestSecrets:0"] = Keys.ForeignWebhook,
        });

        Assert.Contains($"Doorbuster:Payments:Url is '{url}'", errors, StringComparison.Ordinal);
        Assert.Contains(word, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_key_does_not_sign_in_both_directions()
    {
        var errors = await RefusesAsync(new()
        {
            ["Doorbuster:Payments:Provider"] = "http",
            ["Doorbuster:Payments:Url"] = "https://shop.example.com/pay",
            ["Doorbuster:Payments:RequestSecrets:0"] = Keys.Webhook,
        });

        Assert.Contains("share a key", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Keys.Webhook, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sandbox_takes_no_payments_where_real_buyers_sign_in()
    {
        var errors = await RefusesAsync(new()
        {
            ["Doorbuster:Identity:SigningKey"] = "",
            ["Doorbuster:Identity:Authority"] = "https://login.example.com",
            ["Doorbuster:Identity:Audience"] = "shop",
            ["Doorbuster:Payments:Provider"] = "sandbox",
        });

        Assert.Contains("Doorbuster:Payments:Provider is sandbox", errors, StringComparison.Ordinal);
        Assert.Contains("Doorbuster:Identity:Authority", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_loopback_a_server_must_be_told_who_takes_the_money()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        var url = $"http://0.0.0.0:{plan.Port}";

        var refused = await Executable.RunAsync(
            ["serve", "--urls", url, "--data", data.Path], environment: plan.Environment);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains("Doorbuster:Payments:Provider", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("SigningKey", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Doorbuster:Payments:Provider", "sandbox")]
    [InlineData("Doorbuster:Payments:Sandbox:Url", "")]
    public async Task A_node_that_works_alone_must_be_told_who_gives_money_back(string setting, string value)
    {
        var errors = await RefusesAsync(new()
        {
            ["Doorbuster:Gate"] = "database",
            ["Doorbuster:Store"] = "postgres",
            ["ConnectionStrings:Postgres"] = $"Host=127.0.0.1;Port={Loopback.NextPort()};Database=none",
            ["Doorbuster:Roles"] = "worker",
            [setting] = value,
        });

        Assert.Contains("Doorbuster:Payments:Provider", errors, StringComparison.Ordinal);
        Assert.Contains("Doorbuster:Payments:Sandbox:Url", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:{port}")]
    [InlineData("http://*:{port}")]
    [InlineData("http://[::]:{port}")]
    [InlineData("http://127.0.0.1:{port};http://0.0.0.0:{port2}")]
    public async Task A_self_made_key_serves_loopback_alone(string urls)
    {
        using var data = new DataDirectory();
        urls = urls.Replace("{port}", $"{Loopback.NextPort()}", StringComparison.Ordinal)
            .Replace("{port2}", $"{Loopback.NextPort()}", StringComparison.Ordinal);

        var refused = await Executable.RunAsync(["serve", "--urls", urls, "--data", data.Path]);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains("Doorbuster:Identity:SigningKey", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("loopback", refused.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls", null)]
    [InlineData(null, "ASPNETCORE_URLS")]
    [InlineData(null, "Kestrel__Endpoints__Shop__Url")]
    public async Task A_start_that_its_address_refuses_takes_nothing_over(string? option, string? variable)
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path) { HasKeys = false };
        await using (var server = await Server.StartAsync(plan))
        {
            server.Signal(Child.SigTerm);
            Assert.Equal(0, await server.ExitAsync());
        }

        var before = ContentsOf(data.Path);
        var url = $"http://0.0.0.0:{plan.Port}";
        string[] arguments = option is null ? [] : [option, url];
        var environment = variable is null ? null : new Dictionary<string, string> { [variable] = url };

        var refused = await Executable.RunAsync(
            ["serve", .. arguments, "--data", data.Path], environment: environment);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains("0.0.0.0", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(before, ContentsOf(data.Path));
    }

    [Fact]
    public async Task An_address_in_use_is_named()
    {
        using var data = new DataDirectory();
        using var other = new DataDirectory();
        await using var first = await Server.StartAsync(new ServerPlan(data.Path));

        var refused = await Executable.RunAsync(["serve", "--urls", $"{first.Api.Address}", "--data", other.Path]);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains($"{first.Api.Address.Port}", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no database at all, but long enough to be looked at as one by whoever opens it, and more of it")]
    public async Task A_store_that_is_no_database_is_named_and_left_alone(string text)
    {
        using var data = new DataDirectory();
        var file = Path.Combine(data.Path, "doorbuster.db");
        await File.WriteAllTextAsync(file, text);

        var refused = await Executable.RunAsync(new ServerPlan(data.Path).CommandLine);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains(file, refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file));
    }

    /// <summary>Every file with what is in it: the owner's number and the sales' epochs are in there.</summary>
    private static IEnumerable<string> ContentsOf(string directory) =>
        Directory.GetFiles(directory).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")
            .ToArray();

    /// <summary>Starts with these settings, which must be refused before anything is opened.</summary>
    private static async Task<string> RefusesAsync(Dictionary<string, string> settings)
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path) { Settings = settings };

        var refused = await Executable.RunAsync(plan.CommandLine, environment: plan.Environment);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Empty(refused.Output);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(data.Path));
        return refused.Errors;
    }
}
