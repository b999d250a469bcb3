using System.Text;
using Doorbuster.AspNetCore.Problems;

namespace Doorbuster.Server.Tests.Reference;

/// <summary>Every problem type with its status, its title and its meaning.</summary>
internal static class ProblemTable
{
    public static string Write()
    {
        var text = new StringBuilder("| type | status | title | means |\n|---|---|---|---|\n");
        foreach (var kind in Refusals.ByName.Values.OrderBy(kind => kind.Name, StringComparer.Ordinal))
        {
            text.Append($"| `{kind.Name}` | {kind.Status} | {kind.Title} | {kind.Meaning} |\n");
        }

        return text.ToString();
    }
}
