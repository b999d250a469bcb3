using System.Text;
using Doorbuster.EndToEnd.Tests.Packages;

namespace Doorbuster.EndToEnd.Tests.Guides;

/// <summary>A guide's commands, and what it says that each of them prints.</summary>
internal sealed class Guide
{
    private const string Mark = "--- block ";

    private readonly List<(string Commands, string Printed)> _blocks = [];

    private Guide()
    {
    }

    /// <summary>What each block prints, as the guide has it.</summary>
    public IReadOnlyList<string> Printed => [.. _blocks.Select(block => block.Printed)];

    /// <summary>Reads a guide: blocks of <c>bash</c>, each with what it prints as <c>text</c> behind it.</summary>
    public static Guide Read(string name)
    {
        var guide = new Guide();
        string? kind = null;
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(Path.Combine(SourceTree.Root, "docs", "guides", name)))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                text.Append(line).Append('\n');
            }
            else if (kind is null)
            {
                kind = line[3..];
                text.Clear();
            }
            else
            {
                guide.Add(kind, text.ToString());
                kind = null;
            }
        }

        return guide;
    }

    /// <summary>All commands in order, as one script that says where each block begins.</summary>
    public string Script() =>
        "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
        + string.Concat(_blocks.Select((block, n) => $"echo '{Mark}{n}'\n{block.Commands}"));

    /// <summary>A script for another machine's ports; what is to be replaced must be there.</summary>
    public static string Put(string script, params IEnumerable<(string Old, string New)> pairs)
    {
        foreach (var (old, other) in pairs)
        {
            script = script.Contains(old, StringComparison.Ordinal)
                ? script.Replace(old, other, StringComparison.Ordinal)
                : throw new InvalidOperationException($"The guide has no '{old}'.");
        }

        return script;
    }

    /// <summary>What each block printed, out of what the script did.</summary>
    public static IReadOnlyList<string> Split(string output) =>
        [.. output.Split(Mark)[1..].Select(part => part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..])];

    private void Add(string kind, string text)
    {
        switch (kind)
        {
            case "bash":
                _blocks.Add((text, ""));
                break;
            case "text":
                _blocks[^1] = (_blocks[^1].Commands, text);
                break;
            default:
                throw new InvalidOperationException($"A guide has blocks of bash and of text, and this is '{kind}'.");
        }
    }
}
