using System.Globalization;

namespace Doorbuster.Cli.Commands;

/// <summary>Lengths of time as a person writes them: a number and a unit.</summary>
internal static class Durations
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    ];

    /// <summary>Reads <c>500ms</c>, <c>1.5s</c>, <c>10m</c>, <c>2h</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan length)
    {
        foreach (var (unit, one) in Units)
        {
            // A number never ends in a letter, so of '15ms' only the unit 'ms' leaves one.
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && decimal.TryParse(
                    text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= long.MaxValue / one.Ticks)
            {
                length = TimeSpan.FromTicks((long)(number * one.Ticks));
                return true;
            }
        }

        length = default;
        return false;
    }

    /// <summary>Writes a length in the largest unit that divides it.</summary>
    public static string Spell(TimeSpan length)
    {
        var (unit, one) = Units.Last(candidate => length.Ticks % candidate.Length.Ticks == 0 || candidate.Unit == "ms");
        return $"{length / one:0.###}{unit}";
    }
}
