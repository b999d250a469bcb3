using System.Text;
using Xunit;

namespace Doorbuster.Tests.Ids;

public sealed class BuyerIdTests
{
    [Theory]
    [InlineData("a", 1)]
    [InlineData(" ", 1)]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82", 30)]
    [InlineData("买家", 6)]
    [InlineData("🎟", 4)]
    public void A_buyer_id_is_kept_as_its_bytes(string text, int bytes)
    {
        Assert.True(BuyerId.TryParse(text, out var id));
        Assert.Equal(bytes, id.Utf8.Length);
        Assert.Equal(text, id.ToString());
        Assert.True(BuyerId.TryParse(Encoding.UTF8.GetBytes(text), out var same));
        Assert.True(id == same);
        Assert.Equal(id.GetHashCode(), same.GetHashCode());
        Assert.True(id.Equals((object)same));
    }

    [Fact]
    public void It_has_128_bytes_at_most_however_many_characters_they_are()
    {
        Assert.True(BuyerId.TryParse(new string('x', 128), out _));
        Assert.False(BuyerId.TryParse(new string('x', 129), out _));
        Assert.True(BuyerId.TryParse(string.Concat(Enumerable.Repeat("🎟", 32)), out _));
        Assert.False(BuyerId.TryParse(string.Concat(Enumerable.Repeat("🎟", 32)) + "x", out _));
        Assert.False(BuyerId.TryParse(new string('买', 43), out _));
        Assert.False(BuyerId.TryParse(new byte[129].Select(_ => (byte)'x').ToArray(), out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\t")]
    [InlineData("a\u001f")]
    [InlineData("a\u007f")]
    [InlineData("a\u0085b")]
    public void Nothing_and_control_characters_are_refused(string? text)
    {
        Assert.False(BuyerId.TryParse(text, out _));
        Assert.False(BuyerId.TryParse(Encoding.UTF8.GetBytes(text ?? ""), out _));
        Assert.Throws<FormatException>(() => BuyerId.Parse(text!));
    }

    [Fact]
    public void Text_that_is_not_Unicode_is_refused()
    {
        Assert.False(BuyerId.TryParse("a\ud800", out _));
        Assert.False(BuyerId.TryParse([0x61, 0xff], out _));
        Assert.False(BuyerId.TryParse([0xc0, 0x80], out _));
        Assert.False(BuyerId.TryParse([0xed, 0xa0, 0x80], out _));
    }

    [Theory]
    [InlineData("anna", "Anna")]
    [InlineData("a", "a ")]
    [InlineData("å", "a\u030a")]
    public void Different_bytes_are_different_buyers(string one, string other) =>
        Assert.True(BuyerId.Parse(one) != BuyerId.Parse(other));

    [Fact]
    public void Its_bytes_are_its_own()
    {
        var bytes = "anna"u8.ToArray();
        Assert.True(BuyerId.TryParse(bytes, out var id));

        bytes[0] = (byte)'x';

        Assert.Equal("anna", id.ToString());
    }
}
