using Xunit;

namespace Doorbuster.Tests.Ids;

/// <summary>How an order's name is written and read.</summary>
public sealed class OrderIdTests
{
    private static readonly SaleId Sale = SaleId.Parse("drop-1");

    [Theory]
    [InlineData(0, 0, "00000000000000000000000000")]
    [InlineData(0, 1, "00000000000000000000000001")]
    [InlineData(0, 31, "0000000000000000000000000Z")]
    [InlineData(0, 32, "00000000000000000000000010")]
    [InlineData(0, ulong.MaxValue, "0000000000000FZZZZZZZZZZZZ")]
    [InlineData(1, 0, "0000000000000G000000000000")]
    [InlineData(0x8000000000000000, 0, "40000000000000000000000000")]
    [InlineData(0x0123456789ABCDEF, 0xFEDCBA9876543210, "014D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData(ulong.MaxValue, ulong.MaxValue, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    public void Its_bits_are_written_in_Crockfords_base_32(ulong high, ulong low, string text)
    {
        var id = new OrderId(Sale, new OrderKey(high, low));

        Assert.Equal($"drop-1.{text}", id.ToString());
        Assert.True(OrderId.TryParse($"drop-1.{text}", out var read));
        Assert.Equal(id, read);
    }

    [Fact]
    public void Every_bit_survives_the_way_there_and_back()
    {
        for (var bit = 0; bit < 128; bit++)
        {
            var bits = UInt128.One << bit;
            var id = new OrderId(Sale, new OrderKey((ulong)(bits >> 64), (ulong)bits));

            Assert.True(OrderId.TryParse(id.ToString(), out var read));
            Assert.Equal(id, read);
        }
    }

    [Fact]
    public void Letters_of_either_case_are_the_same()
    {
        Assert.True(OrderId.TryParse("drop-1.014d2pf2dbsqqzxq5tk1v58cgg", out var read));
        Assert.Equal("drop-1.014D2PF2DBSQQZXQ5TK1V58CGG", read.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("drop-1")]
    [InlineData("drop-1.")]
    [InlineData(".014D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData("014D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData("drop-1.014D2PF2DBSQQZXQ5TK1V58CG")]
    [InlineData("drop-1.014D2PF2DBSQQZXQ5TK1V58CGGG")]
    [InlineData("drop-1.014D2PF2DBSQQZXQ5TK1V58CGG ")]
    [InlineData("drop-1.014D2PF2DBSQQZXQ5TK1V58CGU")]
    [InlineData("drop-1.O14D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData("drop-1.0I4D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData("drop-1.0l4D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData("drop-1.80000000000000000000000000")]
    [InlineData("drop-1.Z0000000000000000000000000")]
    [InlineData("drop-1.014D2PF2-BSQQZXQ5TK1V58CGG")]
    [InlineData("drop-1.014D2PF2.BSQQZXQ5TK1V58CGG")]
    [InlineData("Drop-1.014D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData("-rop-1.014D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData("drop 1.014D2PF2DBSQQZXQ5TK1V58CGG")]
    [InlineData("drop-1.014D2PF2DBſQQZXQ5TK1V58CGG")]
    [InlineData("drop-1.014D2PF2DB\u212aQQZXQ5TK1V58CGG")]
    [InlineData("drop-1.\uff1014D2PF2DBSQQZXQ5TK1V58CGG")]
    public void What_is_not_an_order_id_is_refused(string? text) => Assert.False(OrderId.TryParse(text, out _));
}
