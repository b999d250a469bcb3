using System.Text;
using Doorbuster.AspNetCore.Json;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>The fast way to write an order against the general one.</summary>
public sealed class ReservedOrderJsonTests
{
    private static readonly Order Largest = new(
        new OrderId(SaleId.Parse(new string('z', SaleId.MaxLength)), new OrderKey(ulong.MaxValue, ulong.MaxValue)),
        BuyerId.Parse("anna"), int.MinValue, new Money(long.MinValue, "JPY"), OrderStatus.Reserved, int.MinValue,
        DateTimeOffset.MaxValue, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Byte_for_byte_it_is_what_the_general_way_writes(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var order = Draw(random);

            Assert.True(ReservedOrderJson.Fits(order));
            Assert.Equal(General(order), Fast(order));
        }
    }

    [Fact]
    public void The_largest_has_room_and_none_to_spare()
    {
        Assert.Equal(General(Largest), Fast(Largest));
        Assert.Equal(ReservedOrderJson.MaxBytes, Encoding.UTF8.GetByteCount(General(Largest)));
    }

    [Fact]
    public void An_order_with_more_than_a_reservation_has_is_written_the_general_way()
    {
        var payment = new Payment(
            PaymentId.Of(Largest.Id, 1), "o", new Money(1, "EUR"), PaymentState.Created, DateTimeOffset.UnixEpoch);

        Assert.True(ReservedOrderJson.Fits(Largest));
        Assert.False(ReservedOrderJson.Fits(Largest with { Status = OrderStatus.Expired }));
        Assert.False(ReservedOrderJson.Fits(Largest with { PaidAt = DateTimeOffset.UnixEpoch }));
        Assert.False(ReservedOrderJson.Fits(Largest with { Payment = payment }));
        Assert.False(ReservedOrderJson.Fits(Largest with { Amount = new Money(1, "e\"r") }));
    }

    private static Order Draw(Random random)
    {
        var sale = random.GetString("abcdefghijklmnopqrstuvwxyz0123456789", random.Next(1, SaleId.MaxLength + 1));
        var key = new OrderKey((ulong)random.NextInt64(), (ulong)random.NextInt64() * 2);
        var currency = random.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3);
        return new Order(
            new OrderId(SaleId.Parse(sale), key), BuyerId.Parse("anna"), random.Next(),
            new Money(random.NextInt64() >> random.Next(64), currency), OrderStatus.Reserved, random.Next(),
            Time(random), Time(random), Time(random));
    }

    private static DateTimeOffset Time(Random random) =>
        new(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero);

    private static string Fast(Order order)
    {
        Span<byte> target = stackalloc byte[ReservedOrderJson.MaxBytes];
        return Encoding.UTF8.GetString(target[..ReservedOrderJson.Write(target, order, order.Id.ToString())]);
    }

    private static string General(Order order)
    {
        using var json = JsonBuffer.Rent();
        OrderJson.Write(json.Writer, order, order.Id.ToString());
        return Encoding.UTF8.GetString(json.Written);
    }
}
