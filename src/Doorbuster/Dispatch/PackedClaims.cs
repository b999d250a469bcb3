using System.Buffers.Binary;
using System.Text;
using Doorbuster.Payments;

namespace Doorbuster.Dispatch;

/// <summary>
/// Claims of one sale as bytes, one after another, as gates and transports outside this process carry them: flags (1
/// byte), key (16), units (4), turn (4; above 0 late money asks), the buyer (one byte of length before it) and, where a
/// flag says so, the payment that asks (two bytes of length before it). Numbers are big-endian.
/// </summary>
public static class PackedClaims
{
    private const int FlagsAt = 0;
    private const int KeyAt = 1;
    private const int UnitsAt = 17;
    private const int TurnAt = 21;
    private const int BuyerAt = 25;
    private const int Fixed = 26;

    /// <summary>Only an order that stands may answer it.</summary>
    private const byte Replay = 1;

    /// <summary>Late money asks, whose payment follows.</summary>
    private const byte LateMoney = 2;

    /// <summary>It asks for several units; a claim without flags can be decided without looking into it.</summary>
    private const byte Several = 4;

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
        + (claim.Revival is { } revival ? 2 + Encoding.UTF8.GetByteCount(revival.Payment.ToString()) : 0);

    private static byte FlagsOf(in Claim claim) => (byte)(
        (claim.IsReplay ? Replay : 0) | (claim.Revival is null ? 0 : LateMoney) | (claim.Quantity > 1 ? Several : 0));

    private static int Write(Span<byte> target, in Claim claim)
    {
        var buyer = claim.Buyer.Utf8;
        target[FlagsAt] = FlagsOf(claim);
        BinaryPrimitives.WriteUInt64BigEndian(target[KeyAt..], claim.Order.Key.High);
        BinaryPrimitives.WriteUInt64BigEndian(target[(KeyAt + 8)..], claim.Order.Key.Low);
        BinaryPrimitives.WriteInt32BigEndian(target[UnitsAt..], claim.Quantity);
        BinaryPrimitives.WriteInt32BigEndian(target[TurnAt..], claim.Revival?.Turn ?? 0);
        target[BuyerAt] = (byte)buyer.Length;
        buyer.CopyTo(target[Fixed..]);
        var at = Fixed + buyer.Length;
        if (claim.Revival is { } revival)
        {
            var length = Encoding.UTF8.GetBytes(revival.Payment.ToString(), target[(at + 2)..]);
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)length);
            at += 2 + length;
        }

        return at;
    }

    private static int ReadOne(SaleId sale, ReadOnlySpan<byte> packed, out Claim claim)
    {
        if (packed.Length < Fixed || packed.Length < Fixed + packed[BuyerAt])
        {
            throw new FormatException($"Packed claims end early, in a claim of {packed.Length} bytes.");
        }

        var key = new OrderKey(
            BinaryPrimitives.ReadUInt64BigEndian(packed[KeyAt..]),
            BinaryPrimitives.ReadUInt64BigEndian(packed[(KeyAt + 8)..]));
        var quantity = BinaryPrimitives.ReadInt32BigEndian(packed[UnitsAt..]);
        var end = Fixed + packed[BuyerAt];
        if (quantity < 1 || !BuyerId.TryParse(packed[Fixed..end], out var buyer))
        {
            throw new FormatException("A packed claim has a buyer or a quantity that no claim has.");
        }

        var revival = ReadRevival(packed, ref end);
        claim = new Claim(new OrderId(sale, key), buyer, quantity, (packed[FlagsAt] & Replay) != 0, revival);
        return packed[FlagsAt] == FlagsOf(claim)
            ? end
            : throw new FormatException("A packed claim has flags that it should not have.");
    }

    private static Revival? ReadRevival(ReadOnlySpan<byte> packed, ref int end)
    {
        var turn = BinaryPrimitives.ReadInt32BigEndian(packed[TurnAt..]);
        if ((packed[FlagsAt] & LateMoney) == 0)
        {
            return turn == 0 ? null : throw new FormatException("A packed claim has a turn and no payment.");
        }

        var rest = packed[end..];
        if (turn < 1 || rest.Length < 2 || rest.Length < 2 + BinaryPrimitives.ReadUInt16BigEndian(rest))
        {
            throw new FormatException("A packed claim of late money has no turn, or no payment.");
        }

        var payment = rest.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(rest));
        end += 2 + payment.Length;
        return PaymentId.TryParse(Encoding.UTF8.GetString(payment), out var id)
            ? new Revival(id, turn)
            : throw new FormatException("A packed claim has a payment that no payment is.");
    }
}
