using Doorbuster.Notification;

namespace Doorbuster.Conformance;

/// <summary>Hints between the nodes of one process: each node has a line of its own.</summary>
/// <param name="exchange">What the lines of all nodes share.</param>
public sealed class InMemoryHints(InMemoryHints.Exchange exchange) : IHints
{
    /// <inheritdoc/>
    public ValueTask SendAsync(IReadOnlyList<OrderHint> hints, CancellationToken cancellationToken)
    {
        exchange.Pass(this, [.. hints]);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Listen(Action<IReadOnlyList<OrderHint>> heard) => exchange.Add(this, heard);

    /// <summary>Passes on what nodes say.</summary>
    public sealed class Exchange
    {
        private readonly Lock _lock = new();
        private readonly List<(InMemoryHints Line, Action<IReadOnlyList<OrderHint>> Heard)> _lines = [];

        /// <summary>Whether nothing that is said is heard.</summary>
        public bool IsCutOff { get; set; }

        /// <summary>How many hints were passed on.</summary>
        public int Passed { get; private set; }

        internal void Add(InMemoryHints line, Action<IReadOnlyList<OrderHint>> heard)
        {
            lock (_lock)
            {
                _lines.Add((line, heard));
            }
        }

        internal void Pass(InMemoryHints from, IReadOnlyList<OrderHint> hints)
        {
            lock (_lock)
            {
                if (!IsCutOff)
                {
                    Passed += hints.Count;
                    _lines.Where(line => line.Line != from).ToList().ForEach(line => line.Heard(hints));
                }
            }
        }
    }
}
