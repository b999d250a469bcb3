namespace Doorbuster.AspNetCore.Settings;

/// <summary>Whose pages may call from a browser (<c>Doorbuster:Cors</c>).</summary>
public sealed record CorsOptions
{
    /// <summary>The most origins.</summary>
    public const int MaxOrigins = 64;

    /// <summary>
    /// Origins whose pages may call and read the answers, as a browser spells them: <c>https://shop.example.com</c>, at
    /// most <see cref="MaxOrigins"/>. Pages of the server's own origin need no entry. Default: none.
    /// </summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
}
