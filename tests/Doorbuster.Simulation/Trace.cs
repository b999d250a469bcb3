using System.Globalization;
using System.Runtime.CompilerServices;
using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation;

/// <summary>
/// What happened in a world, a line each, by the world's own time. Where nobody wants to read it, a line costs nothing.
/// </summary>
internal sealed class Trace(Agenda agenda, bool isOn)
{
    private readonly List<string> _lines = [];

    /// <summary>Whether lines are kept.</summary>
    public bool IsOn => isOn;

    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Someone did something.</summary>
    public void Add(string who, [InterpolatedStringHandlerArgument("")] ref Line what)
    {
        if (isOn)
        {
            Add(who, what.ToString());
        }
    }

    /// <summary>Someone did something.</summary>
    public void Add(string who, string what)
    {
        if (isOn)
        {
            _lines.Add($"{Seconds(TimeSpan.FromTicks(agenda.Now)),9} {who,-9} {what}");
        }
    }

    /// <summary>A time since the world began, as a trace writes it.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>A line that is put together only where somebody wants to read it.</summary>
    [InterpolatedStringHandler]
    internal ref struct Line
    {
        private DefaultInterpolatedStringHandler _text;

        public Line(int literalLength, int formattedCount, Trace trace, out bool isWanted)
        {
            isWanted = trace.IsOn;
            _text = isWanted
                ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture)
                : default;
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public void AppendFormatted<T>(T value, string format) => _text.AppendFormatted(value, format);

        /// <inheritdoc/>
        public override string ToString() => _text.ToStringAndClear();
    }
}
