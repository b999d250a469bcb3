using Doorbuster.Telemetry;

namespace Doorbuster.Notification;

/// <summary>
/// What watchers are told: one object, however many they are. A transport makes its bytes of it once, and all its
/// watchers share them.
/// </summary>
public abstract class LiveMessage
{
    private object? _form;

    private LiveMessage(DateTimeOffset now) => Now = now;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>
    /// The message in a transport's form. Two that ask at once may make it twice; it is the same then.
    /// </summary>
    /// <typeparam name="TForm">The form; there is one for all transports of a program.</typeparam>
    /// <param name="make">Makes it.</param>
    public TForm As<TForm>(Func<LiveMessage, TForm> make)
        where TForm : class
    {
        if (Volatile.Read(ref _form) is TForm made)
        {
            return made;
        }

        var form = make(this);
        Volatile.Write(ref _form, form);
        return form;
    }

    /// <summary>A sale shows something else.</summary>
    /// <param name="showing">What it shows.</param>
    /// <param name="hasNewTerms">Whether an operator has changed it, so that everything about it must be told.</param>
    public sealed class OfSale(Showing showing, bool hasNewTerms) : LiveMessage(showing.At)
    {
        /// <summary>What it shows.</summary>
        public Showing Showing { get; } = showing;

        /// <summary>Whether an operator has changed it, so that everything about it must be told.</summary>
        public bool HasNewTerms { get; } = hasNewTerms;
    }

    /// <summary>An order of the watcher's own has changed.</summary>
    /// <param name="order">The order.</param>
    /// <param name="now">The time.</param>
    public sealed class OfOrder(Order order, DateTimeOffset now) : LiveMessage(now)
    {
        /// <summary>The order; a watcher drops it where it has one of a higher revision.</summary>
        public Order Order { get; } = order;
    }

    /// <summary>Nothing happened, and the connection lives.</summary>
    /// <param name="now">The time.</param>
    public sealed class Heartbeat(DateTimeOffset now) : LiveMessage(now);

    /// <summary>What an operator's dashboard shows.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="isFirst">Whether its watchers have been told none before.</param>
    public sealed class OfFigures(Figures figures, bool isFirst) : LiveMessage(figures.At)
    {
        /// <summary>The figures.</summary>
        public Figures Figures { get; } = figures;

        /// <summary>Whether its watchers have been told none before.</summary>
        public bool IsFirst { get; } = isFirst;
    }
}
