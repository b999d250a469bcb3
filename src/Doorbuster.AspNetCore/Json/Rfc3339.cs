using System.Globalization;
using System.Text.Json;

namespace Doorbuster.AspNetCore.Json;

/// <summary>Times as RFC 3339 has them; we write UTC with milliseconds, <c>2026-01-31T08:15:30.250Z</c>.</summary>
internal static class Rfc3339
{
    /// <summary>Bytes of a time that we write.</summary>
    public const int Length = 24;

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Writes a time digit by digit; an order has three, and a format text would be read for each.</summary>
    /// <param name="target">At least <see cref="Length"/> bytes.</param>
    /// <param name="time">The time; what is finer than a millisecond is cut off.</param>
    public static void Write(Span<byte> target, DateTimeOffset time)
    {
        var (date, clock) = time.UtcDateTime;
        var (year, month, day) = date;
        var (hour, minute, second, millisecond) = clock;
        "0000-00-00T00:00:00.000Z"u8.CopyTo(target);
        TwoDigits(target, year / 100);
        TwoDigits(target[2..], year % 100);
        TwoDigits(target[5..], month);
        TwoDigits(target[8..], day);
        TwoDigits(target[11..], hour);
        TwoDigits(target[14..], minute);
        TwoDigits(target[17..], second);
        TwoDigits(target[20..], millisecond / 10);
        target[22] = (byte)('0' + (millisecond % 10));
    }

    /// <summary>Writes a time as the value of a property; null where there is none.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is not { } value)
        {
            json.WriteNull(name);
            return;
        }

        Span<byte> text = stackalloc byte[Length];
        Write(text, value);
        json.WriteString(name, text);
    }

    /// <summary>Reads a time, which must say its offset; what is finer than a millisecond is cut off.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        var upper = text.ToUpperInvariant();
        var saysOffset = upper.EndsWith('Z') || upper is [.., '+' or '-', _, _, ':', _, _];
        if (!saysOffset || !DateTimeOffset.TryParseExact(
                upper, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time))
        {
            time = default;
            return false;
        }

        time = time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
        return true;
    }

    private static void TwoDigits(Span<byte> target, int value)
    {
        target[1] = (byte)('0' + (value % 10));
        target[0] = (byte)('0' + (value / 10));
    }
}
