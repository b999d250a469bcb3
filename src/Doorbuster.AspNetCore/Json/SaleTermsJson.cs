using System.Text.Json;

namespace Doorbuster.AspNetCore.Json;

/// <summary>Writes the terms of a sale: what an operator sends, and anyone is shown.</summary>
internal static class SaleTermsJson
{
    /// <summary>Writes them as members of the object that the caller has begun.</summary>
    public static void Write(Utf8JsonWriter json, Sale sale)
    {
        json.WriteString("id"u8, sale.Id.ToString());
        json.WriteString("title"u8, sale.Title);
        json.WriteString("description"u8, sale.Description);
        json.WriteString("imageUrl"u8, sale.ImageUrl?.OriginalString);
        json.WriteNumber("quantity"u8, sale.Quantity);
        MoneyJson.Write(json, "price"u8, sale.Price);
        Rfc3339.Write(json, "opensAt"u8, sale.OpensAt);
        Rfc3339.Write(json, "closesAt"u8, sale.ClosesAt);
        json.WriteNumber("perBuyerLimit"u8, sale.PerBuyerLimit);
        json.WriteString("paymentWindow"u8, IsoDuration.Write(sale.PaymentWindow));
        json.WriteBoolean("requirePurchaseToken"u8, sale.RequirePurchaseToken);
    }
}
