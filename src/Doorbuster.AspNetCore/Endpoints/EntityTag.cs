using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>Compares entity tags as <c>If-None-Match</c> asks for it: weakly (RFC 9110, section 13.1.2).</summary>
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
