namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>JSON pointers (RFC 6901) as URI fragments, as RFC 9457 shows them: <c>#/price/amount</c>.</summary>
internal static class JsonPointer
{
    /// <summary>The whole body.</summary>
    public const string Root = "#";

    /// <summary>A made-up name may be as long as a body; a problem repeats this much of it.</summary>
    private const int MaxShown = 64;

    /// <summary>A property of the object that another pointer names.</summary>
    public static string Property(string at, string name)
    {
        var shown = name.Length > MaxShown ? name[..MaxShown] : name;
        var escaped = shown.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return $"{at}/{escaped}";
    }
}
