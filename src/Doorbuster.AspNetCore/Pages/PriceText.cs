using Doorbuster.AspNetCore.Json;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>Writes a price as a browser in English would, so that its script finds nothing to change.</summary>
internal static class PriceText
{
    /// <summary><c>€19.99</c>; <c>19.99 ABC</c> where a currency has no sign of its own.</summary>
    public static string Write(Money price)
    {
        var text = MoneyText.Write(price);
        var sign = price.Currency switch
        {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "CNY" => "CN¥",
            "JPY" => "¥",
            _ => null,
        };
        return sign is null ? text : $"{sign}{text[..text.IndexOf(' ')]}";
    }
}
