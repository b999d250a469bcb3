using System.Text;
using Doorbuster.AspNetCore;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Conformance;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Server.Tests.Settings;

/// <summary>One spelling of a key is one key.</summary>
public sealed class KeyTextTests
{
    private const string Text = "c2V2ZW4gdGltZXMgc2V2ZW4gaXMgZm9ydHktbmluZSwgaXQgaXM=";

    private static readonly VirtualTimeProvider Clock = new(Samples.Noon);

    [Fact]
    public void A_text_is_its_bytes_in_UTF8()
    {
        Assert.Equal(Encoding.UTF8.GetBytes(Text), KeyText.Read(Text));
        Assert.Equal(Encoding.UTF8.GetBytes("Schlüssel"), KeyText.Read("Schlüssel"));
    }

    [Fact]
    public void Base64_is_taken_for_it_where_it_says_so()
    {
        Assert.Equal(Convert.FromBase64String(Text), KeyText.Read($"base64:{Text}"));
        Assert.Null(KeyText.Read("base64:no!"));
        Assert.Equal(Encoding.UTF8.GetBytes($"BASE64:{Text}"), KeyText.Read($"BASE64:{Text}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("31 bytes are one fewer than it ")]
    [InlineData("base64:")]
    [InlineData("base64:c2hvcnQ=")]
    [InlineData("base64:this is a text of more than 32 bytes")]
    public void A_text_that_spells_no_key_is_told_why(string text) => Assert.NotNull(KeyText.Fault(text));

    [Theory]
    [InlineData(Text, Text, true)]
    [InlineData($"base64:{Text}", $"base64:{Text}", true)]
    [InlineData(Text, $"base64:{Text}", false)]
    [InlineData($"base64:{Text}", Text, false)]
    public async Task A_token_signed_with_another_reading_of_the_key_is_refused(
        string servers, string signers, bool isAccepted)
    {
        var options = new DoorbusterOptions { Identity = new() { SigningKey = servers } };
        var key = ServerKeys.SigningKey(options, RandomSource.System);
        var tokens = new BearerTokens(options.Identity, key, Clock, NullLogger<BearerTokens>.Instance);
        var minter = TokenMinter.For(new DoorbusterOptions { Identity = new() { SigningKey = signers } }, Clock);
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = $"Bearer {minter.ForBuyer(BuyerId.Parse("anna"))}";

        var caller = await tokens.ReadAsync(context);

        Assert.Equal(isAccepted, caller is not null);
        Assert.Equal(isAccepted ? 200 : 401, context.Response.StatusCode);
    }

    [Fact]
    public void Keys_of_purchase_tokens_are_spelled_the_same_way()
    {
        var options = new DoorbusterOptions
        {
            Identity = new() { SigningKey = Text },
            PurchaseTokens = new() { Keys = [Text, $"base64:{Text}"] },
        };

        var keys = ServerKeys.Load(options, RandomSource.System, hasHost: false).PurchaseTokens;

        Assert.Equal([Encoding.UTF8.GetBytes(Text), Convert.FromBase64String(Text)], keys);
    }
}
