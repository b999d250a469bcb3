namespace Doorbuster.Reconciliation;

/// <summary>The nodes of one process, in its memory: itself, where nobody shares its store.</summary>
/// <param name="clock">The time.</param>
public sealed class OwnNodeList(TimeProvider clock) : INodeList
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (NodeBeat Beat, DateTimeOffset At)> _nodes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask BeatAsync(NodeBeat beat, TimeSpan keep, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            _nodes[beat.Id] = (beat, now);
            foreach (var old in _nodes.Where(node => now - node.Value.At > keep).ToArray())
            {
                _nodes.Remove(old.Key);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask LeaveAsync(string node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _nodes.Remove(node);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ListedNode>> ListAsync(
        string? after, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            return ValueTask.FromResult<IReadOnlyList<ListedNode>>(
            [
                .. _nodes.Values
                    .Where(node => string.CompareOrdinal(node.Beat.Id, after) > 0)
                    .Take(most)
                    .Select(node => new ListedNode(node.Beat, node.At, now - node.At)),
            ]);
        }
    }
}
