using Xunit;

namespace Doorbuster.Tests.Ids;

public sealed class MoneyTests
{
    [Fact]
    public void Several_units_cost_several_times_as_much() =>
        Assert.Equal(new Money(5_997, "EUR"), new Money(1_999, "EUR").Times(3));

    [Fact]
    public void The_highest_price_times_the_largest_quantity_fits() =>
        Assert.Equal(
            1_000_000_000_000_000_000, new Money(Money.MaxAmount, "EUR").Times(Sale.MaxQuantity).Amount);

    [Fact]
    public void What_does_not_fit_is_never_a_smaller_amount() =>
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, "EUR").Times(2));

    [Theory]
    [InlineData("EUR", true)]
    [InlineData("JPY", true)]
    [InlineData("eur", false)]
    [InlineData("EU", false)]
    [InlineData("EURO", false)]
    [InlineData("E R", false)]
    [InlineData("ÉUR", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_currency_is_three_capital_letters(string? text, bool valid) =>
        Assert.Equal(valid, Money.IsCurrency(text));
}
