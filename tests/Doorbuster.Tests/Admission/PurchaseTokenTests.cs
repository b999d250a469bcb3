using System.Buffers.Text;
using System.Security.Cryptography;
using Doorbuster.Admission;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Admission;

public sealed class PurchaseTokenTests
{
    private static readonly byte[] OldKey = SHA256.HashData("old"u8);
    private static readonly byte[] NewKey = SHA256.HashData("new"u8);
    private static readonly SaleId Drop = SaleId.Parse("drop");
    private static readonly BuyerId Anna = BuyerId.Parse("anna");

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);

    [Theory]
    [InlineData("a")]
    [InlineData("买家 🎟")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        + "0123456789012345678901234567")]
    public void A_token_is_good_for_its_buyer(string buyer)
    {
        var tokens = new PurchaseTokens([NewKey], _clock);

        var (token, _) = tokens.Issue(Drop, BuyerId.Parse(buyer));

        Assert.Equal(TokenCheck.Valid, tokens.Check(token, Drop, out var read));
        Assert.Equal(BuyerId.Parse(buyer), read);
    }

    [Fact]
    public void It_is_good_for_a_quarter_of_an_hour_and_names_its_buyer_afterwards()
    {
        var tokens = new PurchaseTokens([NewKey], _clock);
        var (token, expiresAt) = tokens.Issue(Drop, Anna);
        Assert.Equal(Samples.Noon.AddMinutes(15), expiresAt);

        _clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(TokenCheck.Valid, tokens.Check(token, Drop, out _));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(TokenCheck.Expired, tokens.Check(token, Drop, out var buyer));
        Assert.Equal(Anna, buyer);

        _clock.Advance(TimeSpan.FromDays(10_000));
        Assert.Equal(TokenCheck.Expired, tokens.Check(token, Drop, out _));
    }

    [Fact]
    public void The_moment_it_expires_is_the_one_that_was_told()
    {
        _clock.Advance(TimeSpan.FromTicks(9_999));
        var tokens = new PurchaseTokens([NewKey], _clock);
        var (token, expiresAt) = tokens.Issue(Drop, Anna);

        _clock.Advance(expiresAt - _clock.GetUtcNow() - TimeSpan.FromTicks(1));
        Assert.Equal(TokenCheck.Valid, tokens.Check(token, Drop, out _));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TokenCheck.Expired, tokens.Check(token, Drop, out _));
    }

    [Fact]
    public void It_is_of_one_sale()
    {
        var tokens = new PurchaseTokens([NewKey], _clock);
        var (token, _) = tokens.Issue(Drop, Anna);

        Assert.Equal(TokenCheck.Invalid, tokens.Check(token, SaleId.Parse("drop-2"), out var buyer));
        Assert.Equal(default, buyer);
    }

    [Fact]
    public void Another_shops_token_is_no_token()
    {
        var (token, _) = new PurchaseTokens([OldKey], _clock).Issue(Drop, Anna);

        Assert.Equal(TokenCheck.Invalid, new PurchaseTokens([NewKey], _clock).Check(token, Drop, out _));
    }

    [Fact]
    public void Keys_can_be_rotated_while_tokens_are_out()
    {
        var before = new PurchaseTokens([OldKey], _clock);
        var during = new PurchaseTokens([NewKey, OldKey], _clock);
        var after = new PurchaseTokens([NewKey], _clock);
        var (old, _) = before.Issue(Drop, Anna);
        var (young, _) = during.Issue(Drop, Anna);

        Assert.Equal(TokenCheck.Valid, during.Check(old, Drop, out _));
        Assert.Equal(TokenCheck.Valid, during.Check(young, Drop, out _));
        Assert.Equal(TokenCheck.Valid, after.Check(young, Drop, out _));
        Assert.Equal(TokenCheck.Invalid, after.Check(old, Drop, out _));
        Assert.Equal(TokenCheck.Invalid, before.Check(young, Drop, out _));
    }

    [Fact]
    public void A_tokens_bytes_are_those_that_are_documented()
    {
        var (token, expiresAt) = new PurchaseTokens([NewKey], _clock).Issue(Drop, Anna);

        byte[] head =
        [
            .. SHA256.HashData(NewKey)[..4],
            .. BitConverter.GetBytes(expiresAt.ToUnixTimeMilliseconds()).Reverse(),
        ];
        byte[] signed = [.. head, 4, .. "drop"u8, 4, .. "anna"u8];
        byte[] expected = [.. head, .. HMACSHA256.HashData(NewKey, signed), .. "anna"u8];
        Assert.Equal(Base64Url.EncodeToString(expected), token);
    }

    [Fact]
    public void Sale_and_buyer_do_not_run_into_each_other()
    {
        var tokens = new PurchaseTokens([NewKey], _clock);
        var (token, _) = tokens.Issue(SaleId.Parse("ab"), BuyerId.Parse("c"));
        var bytes = Base64Url.DecodeFromChars(token);

        var forged = Base64Url.EncodeToString([.. bytes[..^1], .. "bc"u8]);

        Assert.Equal(TokenCheck.Invalid, tokens.Check(forged, SaleId.Parse("a"), out _));
    }

    [Fact]
    public void A_key_that_is_missing_or_too_short_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PurchaseTokens([], _clock));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PurchaseTokens([new byte[31]], _clock));
    }

    [Fact]
    public void Many_threads_may_issue_and_check_at_once()
    {
        var tokens = new PurchaseTokens([NewKey], _clock);

        Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var buyer = BuyerId.Parse($"buyer-{i}");
            Assert.Equal(TokenCheck.Valid, tokens.Check(tokens.Issue(Drop, buyer).Token, Drop, out var read));
            Assert.Equal(buyer, read);
        });
    }
}
