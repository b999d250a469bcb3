using System.Text.Json;

namespace Doorbuster.AspNetCore.Json;

/// <summary>Writes money: minor units and a currency.</summary>
internal static class MoneyJson
{
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, Money money)
    {
        json.WriteStartObject(name);
        json.WriteNumber("amount"u8, money.Amount);
        json.WriteString("currency"u8, money.Currency);
        json.WriteEndObject();
    }
}
