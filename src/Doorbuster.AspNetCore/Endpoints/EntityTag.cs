using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Compares entity tags as <c>If-None-Match</c> asks for it, weakly, and as <c>If-Match</c> does, strongly (RFC 9110,
/// sections 13.1.1 and 13.1.2).
/// </summary>
internal static class EntityTag
{
    /// <summary>Whether a tag is among those of a header.</summary>
    public static bool IsIn(StringValues header, string tag)
    {
        foreach (var line in header)
        {
            if (line is not null && (line == tag || Lists(line, tag)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a tag of a sale at this revision is among those of an <c>If-Match</c>. What follows the revision in a
    /// tag changes with every unit sold, and is nothing that an operator's change could overwrite.
    /// </summary>
    public static bool IsOfRevision(StringValues header, long revision)
    {
        foreach (var line in header)
        {
            if (line is not null && ListsRevision(line, revision))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ListsRevision(ReadOnlySpan<char> line, long revision)
    {
        foreach (var range in line.Split(','))
        {
            var item = line[range].Trim();
            if (item is "*" || (RevisionOf(item) is { } seen && seen == revision))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The revision of a tag <c>"revision-version"</c>; null where it is not ours, or weak.</summary>
    private static long? RevisionOf(ReadOnlySpan<char> tag)
    {
        if (tag is not ['"', .. var inner, '"'])
        {
            return null;
        }

        var end = inner.IndexOf('-');
        return end > 0 && long.TryParse(
            inner[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : null;
    }

    private static bool Lists(ReadOnlySpan<char> line, string tag)
    {
        foreach (var range in line.Split(','))
        {
            var item = line[range].Trim();
            if (item.SequenceEqual("*") || (item.StartsWith("W/") ? item[2..] : item).SequenceEqual(tag))
            {
                return true;
            }
        }

        return false;
    }
}
