using System.Data.Common;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>
/// The connection string <c>ConnectionStrings:Sqlite</c>. It names the file of the order store and nothing else: how
/// the store uses that file is what its durability rests on, and no setting.
/// </summary>
internal static class SqliteSource
{
    private const string Name = "ConnectionStrings:Sqlite";
    private const string Usual = "Data Source=/var/lib/doorbuster/doorbuster.db";

    // Every spelling that Microsoft.Data.Sqlite knows.
    private static readonly string[] Spellings = ["Data Source", "DataSource", "Filename"];

    /// <summary>The file that a connection string names.</summary>
    /// <param name="text">The connection string; null or blank where none is set.</param>
    /// <param name="violations">Where what is wrong with it is noted.</param>
    /// <returns>The file; null where none is named or something is wrong.</returns>
    public static string? Read(string? text, ICollection<string> violations)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (Parse(text) is not { } settings)
        {
            violations.Add($"{Name} is no connection string; it must be like {Usual}. Mend it.");
            return null;
        }

        var others = settings.Keys.Cast<string>().Except(Spellings, StringComparer.OrdinalIgnoreCase).ToArray();
        foreach (var other in others)
        {
            violations.Add($"{Name} has '{other}', which is not supported; it may name its Data Source alone. What the "
                + "store lets one choose is under Doorbuster:Sqlite. Remove it.");
        }

        var files = Spellings.Where(settings.ContainsKey).Select(spelling => (string)settings[spelling]).ToArray();
        if (files is not [var file])
        {
            violations.Add($"{Name} must name its Data Source once, like {Usual}. Mend it.");
            return null;
        }

        if (Fault(file) is { } fault)
        {
            violations.Add($"{Name} has the Data Source '{file}', {fault}");
            return null;
        }

        return others.Length == 0 ? file : null;
    }

    private static DbConnectionStringBuilder? Parse(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Why no order store can be there; null where one can.</summary>
    private static string? Fault(string file) =>
        file.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
            ? "which is gone with the process; orders must be on disk. Name a file."
        : file.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? "which is a URI; that is not supported. Name the file by its path."
        : file.StartsWith('|')
            ? "which begins with a macro; that is not supported. Name the whole path."
        : Path.EndsInDirectorySeparator(file) || Directory.Exists(file)
            ? $"which is a directory; it must be a file. Set Data Source={Path.Combine(file, "doorbuster.db")}."
        : null;
}
