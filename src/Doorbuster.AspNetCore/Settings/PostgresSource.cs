using Doorbuster.Sql.Postgres;
using Npgsql;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>
/// The connection string <c>ConnectionStrings:Postgres</c>. It says where the database is and who asks; how the store
/// uses its connections is said by settings of their own, with their ranges. No message shows what may be a password.
/// </summary>
internal static class PostgresSource
{
    private const string Name = "ConnectionStrings:Postgres";
    private const string Usual = "Host=db.example.com;Database=shop;Username=shop;Password=…";

    /// <summary>What we set ourselves, and the setting that says it; nothing where none does.</summary>
    private static readonly Dictionary<string, string?> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Search Path"] = nameof(PostgresOptions.Schema),
        ["Maximum Pool Size"] = $"{nameof(PostgresOptions.Writers)} and {nameof(PostgresOptions.Readers)}",
        ["Minimum Pool Size"] = null,
        ["Pooling"] = null,
        ["Multiplexing"] = null,
        ["Enlist"] = null,
        ["Command Timeout"] = nameof(PostgresOptions.CommandTimeout),
        ["Timeout"] = nameof(PostgresOptions.CommandTimeout),
        ["Cancellation Timeout"] = null,
        ["Max Auto Prepare"] = null,
        ["Auto Prepare Min Usages"] = null,
        ["No Reset On Close"] = null,
    };

    /// <summary>What is wrong with a connection string, a message each.</summary>
    /// <param name="text">The connection string; null or blank where none is set.</param>
    public static IEnumerable<string> Violations(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return
            [
                $"{Name} is not set; with Doorbuster:Store=postgres it must say where the database is, like {Usual}. "
                + "Set it, or set Doorbuster:Store to sqlite.",
            ];
        }

        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            string[] missing = string.IsNullOrWhiteSpace(settings.Host)
                ? [$"{Name} names no Host; it must be like {Usual}. Mend it."]
                : [];
            return [.. missing, .. settings.Keys.Where(Ours.ContainsKey).Select(Misplaced)];
        }
        catch (ArgumentException fault)
        {
            return [$"{Name} is no connection string of Npgsql's: {fault.Message} It must be like {Usual}. Mend it."];
        }
    }

    private static string Misplaced(string key) => Ours[key] is { } setting
        ? $"{Name} has '{key}', which Doorbuster:Postgres says by {setting}. Remove it here."
        : $"{Name} has '{key}', which is the store's own matter. Remove it.";
}
