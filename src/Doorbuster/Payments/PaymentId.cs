using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Doorbuster.Payments;

/// <summary>
/// The name of a payment. Ours are <c>&lt;orderId&gt;.&lt;attempt&gt;</c>, so that a payment names its order and is
/// found without an index; a provider may report money under any other name, and that is kept too.
/// </summary>
public readonly record struct PaymentId
{
    /// <summary>The most characters of a payment id.</summary>
    public const int MaxLength = 200;

    private readonly string? _text;

    private PaymentId(string text) => _text = text;

    /// <summary>The id of an order's payment.</summary>
    /// <param name="order">The order.</param>
    /// <param name="attempt">1 for the first.</param>
    public static PaymentId Of(OrderId order, int attempt) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{order}.{attempt}"));

    /// <summary>Takes any text of 1 to <see cref="MaxLength"/> characters without control characters.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PaymentId id)
    {
        var valid = text is { Length: >= 1 and <= MaxLength } && !text.Any(char.IsControl);
        id = valid ? new PaymentId(text!) : default;
        return valid;
    }

    /// <summary>Reads the order and the attempt of an id of ours; false for a name that is not ours.</summary>
    public bool TryRead(out OrderId order, out int attempt)
    {
        order = default;
        attempt = 0;
        var text = ToString();
        var dot = text.LastIndexOf('.');
        return dot > 0
            && int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out attempt)
            && attempt >= 1
            && OrderId.TryParse(text[..dot], out order)
            && Of(order, attempt).ToString() == text;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}
