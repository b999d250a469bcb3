using System.Globalization;

namespace Doorbuster.Cli.Commands;

/// <summary>A moment as a person gives it: by the calendar, or from now.</summary>
internal sealed record Moment
{
    private readonly DateTimeOffset? _at;
    private readonly TimeSpan _fromNow;

    private Moment(DateTimeOffset? at, TimeSpan fromNow) => (_at, _fromNow) = (at, fromNow);

    /// <summary>Now.</summary>
    public static Moment Now { get; } = new(null, TimeSpan.Zero);

    /// <summary>Reads RFC 3339, <c>now</c>, or <c>+30s</c>.</summary>
    public static bool TryParse(string text, out Moment? moment)
    {
        moment = null;
        if (text == "now")
        {
            moment = Now;
        }
        else if (text.StartsWith('+') && Durations.TryParse(text.AsSpan(1), out var fromNow))
        {
            moment = new Moment(null, fromNow);
        }
        else if (DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            moment = new Moment(at, TimeSpan.Zero);
        }

        return moment is not null;
    }

    /// <summary>Which moment that is.</summary>
    public DateTimeOffset Resolve(TimeProvider clock) => _at ?? clock.GetUtcNow() + _fromNow;
}
