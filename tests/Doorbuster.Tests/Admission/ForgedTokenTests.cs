using System.Buffers.Text;
using System.Security.Cryptography;
using Doorbuster.Admission;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Admission;

/// <summary>Whatever stands in the header, the answer is a word, never an exception or another's right.</summary>
public sealed class ForgedTokenTests
{
    private static readonly SaleId Drop = SaleId.Parse("drop");
    private static readonly PurchaseTokens Tokens =
        new([SHA256.HashData("key"u8)], new VirtualTimeProvider(Samples.Noon));

    private static readonly string Genuine = Tokens.Issue(Drop, BuyerId.Parse("anna")).Token;

    [Fact]
    public void A_token_changed_in_any_bit_is_invalid()
    {
        var bytes = Base64Url.DecodeFromChars(Genuine);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var forged = bytes.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(TokenCheck.Invalid, Check(Base64Url.EncodeToString(forged)));
        }
    }

    [Fact]
    public void A_token_cut_short_or_made_longer_is_invalid()
    {
        var bytes = Base64Url.DecodeFromChars(Genuine);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(TokenCheck.Invalid, Check(Base64Url.EncodeToString(bytes.AsSpan(0, length))));
        }

        foreach (var more in (int[])[1, 2, 3, 100, 128, 129, 1_000, 100_000])
        {
            Assert.Equal(TokenCheck.Invalid, Check(Base64Url.EncodeToString([.. bytes, .. new byte[more]])));
        }
    }

    [Fact]
    public void Every_cut_and_every_changed_character_of_the_text_names_nobody_else()
    {
        const string Odd = "A-_=%+/ \t\r\n\0\u00e9\u4e70\ud800\"";
        for (var place = 0; place < Genuine.Length; place++)
        {
            Check(Genuine[..place]);
            Check(Genuine[place..]);
            foreach (var character in Odd)
            {
                Check(Genuine[..place] + character + Genuine[(place + 1)..]);
                Check(Genuine.Insert(place, character.ToString()));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("=")]
    [InlineData("====")]
    [InlineData("%")]
    [InlineData("A")]
    [InlineData("AA==")]
    [InlineData("null")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo")]
    [InlineData("../../etc/passwd")]
    [InlineData("买家")]
    [InlineData("\0\0\0\0")]
    public void Text_that_is_no_token_is_invalid(string text) => Assert.Equal(TokenCheck.Invalid, Check(text));

    [Theory]
    [InlineData('A')]
    [InlineData(' ')]
    [InlineData('=')]
    [InlineData('%')]
    [InlineData('\n')]
    public void A_megabyte_of_anything_is_invalid(char character)
    {
        Assert.Equal(TokenCheck.Invalid, Check(new string(character, 1 << 20)));
        Assert.Equal(TokenCheck.Invalid, Check(Genuine + new string(character, 1 << 20)));
    }

    [Fact]
    public void Random_text_is_invalid()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Equal(TokenCheck.Invalid, Check(random.GetString(Alphabet, random.Next(0, 260))));
        }
    }

    [Fact]
    public void Random_bytes_behind_a_known_key_id_are_invalid()
    {
        var random = new Random(1);
        var bytes = Base64Url.DecodeFromChars(Genuine);
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes.AsSpan(4));
            Assert.Equal(TokenCheck.Invalid, Check(Base64Url.EncodeToString(bytes)));
        }
    }

    private static TokenCheck Check(string token)
    {
        var check = Tokens.Check(token, Drop, out var buyer);
        Assert.Equal(check == TokenCheck.Invalid ? default : BuyerId.Parse("anna"), buyer);
        return check;
    }
}
