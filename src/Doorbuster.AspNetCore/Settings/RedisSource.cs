using StackExchange.Redis;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>The connection string <c>ConnectionStrings:Redis</c>. No message shows what may be a password.</summary>
internal static class RedisSource
{
    private const string Name = "ConnectionStrings:Redis";
    private const string Usual = "redis.example.com:6379,password=…";

    /// <summary>What is wrong with a connection string, a message each.</summary>
    /// <param name="text">The connection string; null or blank where none is set.</param>
    public static IEnumerable<string> Violations(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return
            [
                $"{Name} is not set; with Doorbuster:Gate=redis it must say where Redis is, like {Usual}. Set it, or "
                + "set Doorbuster:Gate to memory.",
            ];
        }

        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0
                ? []
                : [$"{Name} names no server; it must be like {Usual}. Mend it."];
        }
        catch (ArgumentException)
        {
            return [$"{Name} is no connection string of StackExchange.Redis's; it must be like {Usual}. Mend it."];
        }
    }
}
