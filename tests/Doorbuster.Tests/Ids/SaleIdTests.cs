using Xunit;

namespace Doorbuster.Tests.Ids;

public sealed class SaleIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("drop-2030-06-01")]
    [InlineData("a-")]
    [InlineData("a--b")]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnopq")]
    public void A_sale_id_is_read_as_it_is_written(string text)
    {
        Assert.True(SaleId.TryParse(text, out var id));
        Assert.Equal(text, id.ToString());
        Assert.Equal(SaleId.Parse(text), id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a ")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    [InlineData("é")]
    [InlineData("а")] // Cyrillic
    [InlineData("{a}")]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnopqr")]
    public void What_is_not_a_sale_id_is_refused(string? text)
    {
        Assert.False(SaleId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => SaleId.Parse(text!));
    }
}
