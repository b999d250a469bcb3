using System.Text.Json;
using Doorbuster.AspNetCore.Problems;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>Reads the terms of a sale.</summary>
internal sealed class SaleForm
{
    private const int TitleLength = 200;
    private const int DescriptionLength = 4_000;
    private const int ImageUrlLength = 2_000;
    private const int DrawnIdLength = 10;

    private static readonly TimeSpan ShortestPaymentWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPaymentWindow = TimeSpan.FromHours(24);
    private static readonly TimeSpan UsualPaymentWindow = TimeSpan.FromMinutes(10);

    private static readonly string[] Fields =
    [
        "id", "title", "description", "imageUrl", "quantity", "price", "opensAt", "closesAt", "perBuyerLimit",
        "paymentWindow", "requirePurchaseToken",
    ];

    private readonly JsonForm _form;

    private SaleForm(JsonElement root, List<FieldError> errors)
    {
        _form = new JsonForm(root, JsonPointer.Root, Fields, errors);
    }

    /// <summary>The sale that a body describes, with a key, and an id where it names none, newly drawn.</summary>
    /// <param name="json">The body.</param>
    /// <param name="now">When the sale is created.</param>
    /// <param name="random">Where keys and ids come from.</param>
    public static Parsed<Sale> Parse(ReadOnlySpan<byte> json, DateTimeOffset now, RandomSource random) =>
        JsonBody.Read(json, "An object with the terms of a sale.", (root, errors) => Parse(root, now, random, errors));

    /// <summary>The sale that an object describes; not to be used where something was not right.</summary>
    public static Sale Parse(JsonElement root, DateTimeOffset now, RandomSource random, List<FieldError> errors) =>
        new SaleForm(root, errors).Read(
            SaleId.Parse($"sale-{random.Name(DrawnIdLength)}"),
            now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)),
            random.Bytes(OrderIdMint.KeyBytes));

    /// <summary>A sale under other terms, all of which an object has; not to be used where something was not right.
    /// </summary>
    public static Sale Parse(JsonElement root, Sale sale, List<FieldError> errors) =>
        new SaleForm(root, errors).Read(sale.Id, sale.CreatedAt, sale.OrderIdKey);

    private Sale Read(SaleId otherwise, DateTimeOffset createdAt, ReadOnlyMemory<byte> orderIdKey)
    {
        var opensAt = _form.Time("opensAt", isRequired: true);
        return new Sale
        {
            Id = Id() ?? otherwise,
            Title = _form.Text("title", TitleLength, isRequired: true) ?? "",
            Description = _form.Text("description", DescriptionLength, allowLines: true),
            ImageUrl = ImageUrl(),
            Quantity = (int)_form.Whole("quantity", 1, Sale.MaxQuantity),
            Price = _form.Money("price", Money.MaxAmount),
            OpensAt = opensAt ?? createdAt,
            ClosesAt = ClosesAt(opensAt),
            PerBuyerLimit = (int)_form.Whole("perBuyerLimit", 1, Sale.MaxQuantity, byDefault: 1),
            PaymentWindow = _form.Duration(
                "paymentWindow", ShortestPaymentWindow, LongestPaymentWindow, UsualPaymentWindow),
            RequirePurchaseToken = _form.Flag("requirePurchaseToken", byDefault: true),
            CreatedAt = createdAt,
            Revision = 1,
            OrderIdKey = orderIdKey,
        };
    }

    private SaleId? Id()
    {
        if (_form.Text("id", SaleId.MaxLength) is not { } text)
        {
            return null;
        }

        if (SaleId.TryParse(text, out var id))
        {
            return id;
        }

        _form.Refuse("id", $"1 to {SaleId.MaxLength} of a-z, 0-9 and -, beginning with a letter or a digit.");
        return null;
    }

    private Uri? ImageUrl()
    {
        if (_form.Text("imageUrl", ImageUrlLength) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
        {
            return url;
        }

        _form.Refuse("imageUrl", "An http or https address.");
        return null;
    }

    private DateTimeOffset? ClosesAt(DateTimeOffset? opensAt)
    {
        var closesAt = _form.Time("closesAt");
        if (closesAt <= opensAt)
        {
            _form.Refuse("closesAt", "A time after opensAt.");
        }

        return closesAt;
    }
}
