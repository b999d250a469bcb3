using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Dispatch;

public sealed class PackedClaimsTests
{
    private static readonly Sale Sale = Samples.Sale();

    private static readonly Claim Late = Revive("日本の買い手", "支払い-1", turn: 3);

    [Fact]
    public void Claims_come_back_as_they_were_and_in_their_order()
    {
        Claim[] claims =
        [
            Samples.Claim(Sale, "anna"),
            Samples.Claim(Sale, new string('b', BuyerId.MaxBytes), "k2", units: Sale.Quantity) with { IsReplay = true },
            Late,
            Revive("c", new string('支', PaymentId.MaxLength), int.MaxValue),
            Samples.Claim(Sale, "anna"),
        ];

        Assert.Equal(claims, PackedClaims.Read(Sale.Id, PackedClaims.Pack(claims)));
        Assert.Empty(PackedClaims.Read(Sale.Id, PackedClaims.Pack([])));
    }

    [Fact]
    public void An_ordinary_claim_takes_its_buyer_and_26_bytes() =>
        Assert.Equal(26 + 36, PackedClaims.Pack([Samples.Claim(Sale, new string('u', 36))]).Length);

    [Fact]
    public void What_was_cut_off_anywhere_is_refused()
    {
        var packed = PackedClaims.Pack([Late]);

        for (var length = 1; length < packed.Length; length++)
        {
            Assert.Throws<FormatException>(() => PackedClaims.Read(Sale.Id, packed.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(17, 0x80)] // A quantity below zero.
    [InlineData(21, 0x80)] // A turn below zero.
    [InlineData(24, 0)] // A payment without a turn.
    [InlineData(0, 0)] // A turn without a payment.
    [InlineData(0, 6)] // Several units where it is one.
    [InlineData(0, 10)] // A flag that nobody sets.
    [InlineData(25, 0)] // No buyer.
    [InlineData(26, 0x07)] // A buyer with a control character.
    public void What_no_claim_has_is_refused(int at, byte value)
    {
        var packed = PackedClaims.Pack([Late]);
        packed[at] = value;

        Assert.Throws<FormatException>(() => PackedClaims.Read(Sale.Id, packed));
    }

    private static Claim Revive(string buyer, string payment, int turn)
    {
        Assert.True(PaymentId.TryParse(payment, out var id));
        return Samples.Claim(Sale, buyer) with { Revival = new Revival(id, turn) };
    }
}
