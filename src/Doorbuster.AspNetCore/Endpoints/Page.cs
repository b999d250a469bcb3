using System.Globalization;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>Which part of a list is asked for: <c>?limit=&amp;cursor=</c>.</summary>
/// <param name="Limit">Items at most.</param>
/// <param name="Cursor">The <c>next</c> of the part before; null for the first.</param>
internal readonly record struct Page(int Limit, string? Cursor)
{
    /// <summary>The most items of one answer.</summary>
    public const int MaxLimit = 100;

    private const int UsualLimit = 50;

    /// <summary>Reads the part from the query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="isCursor">Whether a text can be the cursor of this list.</param>
    public static Parsed<Page> Read(IQueryCollection query, Func<string, bool> isCursor)
    {
        var errors = new List<FieldError>();
        var limit = UsualLimit;
        var limits = query["limit"];
        if (limits.Count > 0 && !(limits is [{ } text] && TryReadLimit(text, out limit)))
        {
            errors.Add(new FieldError("limit", $"A whole number from 1 to {MaxLimit}, once."));
        }

        var cursors = query["cursor"];
        var cursor = cursors is [{ Length: > 0 } given] ? given : null;
        if (cursors.Count > 1 || (cursor is not null && !isCursor(cursor)))
        {
            errors.Add(new FieldError("cursor", "What the answer before gave as next, once."));
        }

        return errors.Count == 0 ? new Page(limit, cursor) : Problem.Invalid(errors);
    }

    private static bool TryReadLimit(string text, out int limit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit;
}
