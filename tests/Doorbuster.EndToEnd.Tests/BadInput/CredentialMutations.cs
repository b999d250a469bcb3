using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>Nobody, someone else, and forgeries: bearer tokens, purchase tokens and signatures of events.</summary>
internal static class CredentialMutations
{
    private const string Authorization = "Authorization";
    private const string PurchaseToken = "Purchase-Token";

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("no bearer token", Part.Credentials, [401], call => call.NeedsBearer, (draft, _) =>
            draft.SetHeader(Authorization)),
        new("forged bearer token", Part.Credentials, [401], call => call.ReadsBearer, (draft, draws) =>
            Bear(draft, draws.Pick(
                draws.World.ForgedBearer, draws.World.UnsignedBearer, Spoiled(draws.World.Operator, draws)))),
        new("expired bearer token", Part.Credentials, [401], call => call.ReadsBearer, (draft, draws) =>
            Bear(draft, draws.World.ExpiredBearer)),
        new("no bearer token at all", Part.Credentials, [400, 401, 431], call => call.ReadsBearer, (draft, draws) =>
            draft.SetHeader(Authorization, draws.Pick(
                "Bearer", "Bearer ", "Basic YTpi", "Bearer " + draws.Letters(draws.Next(1, 9_000)), "bearer a.b.c",
                "Bearer ..", "Bearer ключ", "Negotiate x, Bearer y", "\"Bearer\"", $"Bearer{draws.Letters(9)}"))),
        new("two bearer tokens", Part.Credentials, [401], call => call.NeedsBearer, (draft, draws) =>
            draft.SetHeader(Authorization, $"Bearer {draws.World.Operator}", $"Bearer {draws.World.Anna.Jwt}")),
        new("no operator", Part.Credentials, [403], call => call.IsOperators, (draft, draws) =>
            Bear(draft, draws.Pick(draws.World.Anna, draws.World.Ben).Jwt)),
        new("another buyer", Part.Address, [404], call => call.NamesOrder, (draft, draws) =>
            Bear(draft, draws.World.Ben.Jwt)),
        new("idle bearer token", Part.Credentials, [], call => !call.Schemes.Contains("bearer"), (draft, draws) =>
            draft.SetHeader(Authorization, draws.Pick("", "x", "Bearer x", $"Bearer {draws.World.Anna.Jwt}"))),
        new("no purchase token", Part.Credentials, [403], call => call.TakesPurchaseToken, (draft, draws) =>
            draft.SetHeader(PurchaseToken, draws.Pick(
                Array.Empty<string>(), [""], [draws.World.Anna.Jwt], [draws.World.Token, draws.World.Token]))),
        new("forged purchase token", Part.Credentials, [403], call => call.ReadsPurchaseToken, (draft, draws) =>
            draft.SetHeader(PurchaseToken, draws.Pick(
                draws.World.ForgedToken, Spoiled(draws.World.Token, draws), draws.World.Token + "A",
                draws.Letters(draws.Next(1, 4_000)), "ключ"))),
        new("expired purchase token", Part.Credentials, [403], call => call.TakesPurchaseToken, (draft, draws) =>
            draft.SetHeader(PurchaseToken, draws.World.ExpiredToken)),
        new("purchase token of another sale", Part.Credentials, [403], call => call.ReadsPurchaseToken,
            (draft, draws) => draft.SetHeader(PurchaseToken, draws.World.ForeignToken)),
        new("forged purchase token in the query", Part.Query, [403], IsWatched, (draft, draws) =>
            draft.Query.Add("purchaseToken=" + draws.Pick(
                draws.World.ForgedToken, Spoiled(draws.World.Token, draws), "", "%00", draws.Letters(900)))),
        new("unsigned event", Part.Credentials, [401], call => call.IsSigned, (draft, draws) => draft.Signing =
            draft.Signing! with { Without = draws.Pick("webhook-id", "webhook-timestamp", "webhook-signature") }),
        new("forged signature", Part.Credentials, [401], call => call.IsSigned, (draft, draws) => draft.Signing =
            draws.Next(2) == 0
                ? draft.Signing! with { Key = Keys.ForeignWebhook }
                : draft.Signing! with { Signature = WrongSignature(draws) }),
        new("stale event", Part.Credentials, [401], call => call.IsSigned, (draft, draws) => draft.Signing =
            draft.Signing! with { Timestamp = WrongTime(draws) }),
        new("altered event", Part.Credentials, [401], call => call.IsSigned, (draft, draws) =>
        {
            byte[] altered = [.. draft.Body ?? []];
            if (altered.Length > 0)
            {
                altered[draws.Next(altered.Length)] ^= (byte)draws.Next(1, 256);
            }

            draft.Signing = draft.Signing! with
            {
                Altered = altered, Timestamp = altered.Length > 0 ? draft.Signing.Timestamp : "0",
            };
        }),
    ];

    private static bool IsWatched(ContractCall call) => call.Query.Any(parameter => parameter.Name == "purchaseToken");

    private static void Bear(Draft draft, string token) => draft.SetHeader(Authorization, $"Bearer {token}");

    /// <summary>A token with a letter changed; not the last, of which some bits may mean nothing.</summary>
    private static string Spoiled(string token, Draws draws)
    {
        var at = draws.Next(token.Length - 1);
        return $"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}";
    }

    private static string WrongSignature(Draws draws) => draws.Pick(
        "", "v1", "v1,", "v1,AAAA", "v2,AAAA", "v1a,AAAA v1,====", new string('v', 3_000), "ключ",
        $"v1,{Convert.ToBase64String(draws.Bytes(32))}",
        string.Join(' ', Enumerable.Range(0, 60).Select(_ => "v1," + Convert.ToBase64String(draws.Bytes(32)))));

    private static string WrongTime(Draws draws)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return draws.Pick(
            $"{now - draws.Next(400, 1_000_000)}", $"{now + draws.Next(400, 1_000_000)}", "0", "-1", "NaN", "1e9",
            $"{now}000", long.MaxValue.ToString(), "99999999999999999999", $"+{now}", $"{now}.0", $"{now} x", "");
    }
}
