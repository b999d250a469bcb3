namespace Doorbuster.AspNetCore.Settings;

/// <summary>
/// Who is who (<c>Doorbuster:Identity</c>). With an authority, its tokens count; with a signing key, tokens signed with
/// that key; with neither, a key of the data directory, and the server listens on loopback alone.
/// </summary>
public sealed record IdentityOptions
{
    /// <summary>
    /// The OpenID Connect issuer whose tokens are accepted, such as <c>https://login.example.com/realm</c>. https, or
    /// http on loopback. Default: none. Excludes <see cref="SigningKey"/>.
    /// </summary>
    public string? Authority { get; init; }

    /// <summary>
    /// The audience that tokens must name. Required with an <see cref="Authority"/>, whose other audiences are not
    /// ours; optional with a <see cref="SigningKey"/>. Default: none.
    /// </summary>
    public string? Audience { get; init; }

    /// <summary>
    /// The key of HS256 tokens, for development and tests: at least 32 bytes, as a text that is taken in UTF-8, or in
    /// base64 after <c>base64:</c>. A token signed with another reading of it is forged. Default: none.
    /// </summary>
    [Secret]
    public string? SigningKey { get; init; }

    /// <summary>The claim that names roles; a token whose roles contain <c>operator</c> is an operator's.</summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary>
    /// Whether <c>POST /v1/guests</c> makes up a buyer for anyone who asks. Default: on with a key that the server made
    /// itself, else off. It cannot be on beside an <see cref="Authority"/>.
    /// </summary>
    public bool? Guests { get; init; }
}
