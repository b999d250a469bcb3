using System.Globalization;

namespace Doorbuster.AspNetCore.Json;

/// <summary>Writes money for people: <c>19.99 EUR</c>.</summary>
internal static class MoneyText
{
    // Currencies whose minor unit is not a hundredth, from ISO 4217's list of active codes.
    private const string Whole = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    private const string Thousandths = "BHD IQD JOD KWD LYD OMR TND";
    private const string TenThousandths = "CLF UYW";

    public static string Write(Money money)
    {
        var digits = DigitsOf(money.Currency);
        var amount = money.Amount.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return digits == 0
            ? $"{amount} {money.Currency}"
            : $"{amount[..^digits]}.{amount[^digits..]} {money.Currency}";
    }

    private static int DigitsOf(string currency) =>
        Whole.Contains(currency, StringComparison.Ordinal) ? 0
        : Thousandths.Contains(currency, StringComparison.Ordinal) ? 3
        : TenThousandths.Contains(currency, StringComparison.Ordinal) ? 4
        : 2;
}
