using System.Buffers.Binary;
using System.Text;
using Doorbuster.Payments;

namespace Doorbuster.Dispatch;

/// <summary>
/// Claims of one sale as bytes, one after another, as gates and transports outside this process carry them: key (16
/// bytes), units (4), turn (4; above 0 late money asks), flags (1; 1 where only an order that stands may answer), the
/// buyer (one byte of length before it), the payment that asks (two bytes of length before it). Numbers are big-endian.
/// </summary>
public static class PackedClaims
{
    private const int Fixed = 16 + 4 + 4 + 1 + 1 + 2;
    private const byte ReplayFlag = 1;

    /// <summary>Packs claims.</summary>
    public static byte[] Pack(ReadOnlySpan<Claim> claims)
    {
        var length = 0;
        foreach (var claim in claims)
        {
            length += LengthOf(claim);
        }

        var packed = new byte[length];
        var rest = packed.AsSpan();
        foreach (var claim in claims)
        {
            rest = rest[Write(rest, claim)..];
        }

        return packed;
    }

    /// <summary>Reads claims of a sale.</summary>
    /// <exception cref="FormatException">These are no packed claims.</exception>
    public static IReadOnlyList<Claim> Read(SaleId sale, ReadOnlySpan<byte> packed)
    {
        var claims = new List<Claim>(packed.Length / (Fixed + 8));
        while (!packed.IsEmpty)
        {
            packed = packed[ReadOne(sale, packed, out var claim)..];
            claims.Add(claim);
        }

        return claims;
    }

    private static int LengthOf(in Claim claim) =>
        Fixed + claim.Buyer.Utf8.Length
        + (claim.Revival is { } revival ? Encoding.UTF8.GetByteCount(revival.Payment.ToString()) : 0);

    private static int Write(Span<byte> target, in Claim claim)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, claim.Order.Key.High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], claim.Order.Key.Low);
        BinaryPrimitives.WriteInt32BigEndian(target[16..], claim.Quantity);
        BinaryPrimitives.WriteInt32BigEndian(target[20..], claim.Revival?.Turn ?? 0);
        target[24] = claim.IsReplay ? ReplayFlag : (byte)0;
        var buyer = claim.Buyer.Utf8;
        target[25] = (byte)buyer.Length;
        buyer.CopyTo(target[26..]);
        var at = 26 + buyer.Length;
        var payment = claim.Revival is { } revival
            ? Encoding.UTF8.GetBytes(revival.Payment.ToString(), target[(at + 2)..])
            : 0;
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)payment);
        return at + 2 + payment;
    }

    private static int ReadOne(SaleId sale, ReadOnlySpan<byte> packed, out Claim claim)
    {
        if (packed.Length < Fixed || packed.Length < Fixed + packed[25])
        {
            throw new FormatException($"Packed claims end early, {packed.Length} bytes before they should.");
        }

        var key = new OrderKey(
            BinaryPrimitives.ReadUInt64BigEndian(packed), BinaryPrimitives.ReadUInt64BigEndian(packed[8..]));
        var quantity = BinaryPrimitives.ReadInt32BigEndian(packed[16..]);
        var turn = BinaryPrimitives.ReadInt32BigEndian(packed[20..]);
        var at = 26 + packed[25];
        var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(packed[at..]);
        if (end > packed.Length || quantity < 1 || turn < 0 || packed[24] > ReplayFlag
            || !BuyerId.TryParse(packed[26..at], out var buyer))
        {
            throw new FormatException("A packed claim has a buyer, a quantity or a length that no claim has.");
        }

        claim = new Claim(
            new OrderId(sale, key), buyer, quantity, packed[24] == ReplayFlag, Revive(turn, packed[(at + 2)..end]));
        return end;
    }

    private static Revival? Revive(int turn, ReadOnlySpan<byte> payment)
    {
        if (turn == 0)
        {
            return payment.IsEmpty ? null : throw new FormatException("A packed claim has a payment and no turn.");
        }

        return PaymentId.TryParse(Encoding.UTF8.GetString(payment), out var id)
            ? new Revival(id, turn)
            : throw new FormatException("A packed claim has a turn and no payment.");
    }
}
