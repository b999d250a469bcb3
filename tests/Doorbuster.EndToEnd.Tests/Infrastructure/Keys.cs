using System.Text;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>The keys that the servers of these tests are started with, unless a test says otherwise.</summary>
internal static class Keys
{
    /// <summary>The setting <c>Doorbuster:Identity:SigningKey</c>; its bytes sign the tokens.</summary>
    public const string Signing = "the end-to-end tests sign with this key, and nobody else does";

    /// <summary>Another key of the same length.</summary>
    public const string Foreign = "a key that the server under test was never told, so it trusts none";

    /// <summary>The key that signs payment events, as the setting has it.</summary>
    public const string Webhook = "whsec_dGhlIGVuZC10by1lbmQgdGVzdHMgc2lnbiBldmVudHM=";

    /// <summary>Another key of that form.</summary>
    public const string ForeignWebhook = "whsec_YSBrZXkgdGhhdCBubyBzZXJ2ZXIgd2FzIHRvbGQgb2Y=";

    /// <summary>A key for purchase tokens.</summary>
    public static readonly byte[] PurchaseTokens = Encoding.ASCII.GetBytes("32 bytes at least, for purchases");

    /// <summary>Another key for purchase tokens.</summary>
    public static readonly byte[] ForeignPurchaseTokens = Encoding.ASCII.GetBytes("32 bytes that no server was told");
}
