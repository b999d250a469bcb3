using Doorbuster.Orders;

namespace Doorbuster.Claims;

/// <summary>
/// What a sale of the in-memory gate is told while another is to be opened in its place: the other is told it too,
/// however old its snapshot is. Several may expect that at once, of whom one opens it.
/// </summary>
/// <remarks>Whoever calls has the lock of the sale. Tests: <c>RepairerTests</c>.</remarks>
internal sealed class Succession
{
    private List<Release> _told = [];
    private int _expecting;

    /// <summary>Who was opened in its place; null while nobody was.</summary>
    public GateSale? Successor { get; private set; }

    /// <summary>Whether another is expected, or was opened.</summary>
    public bool IsExpected => _expecting > 0 || Successor is not null;

    /// <summary>One more expects another.</summary>
    public void Expect() => _expecting++;

    /// <summary>One of those who did has given up; what nobody expects any more is not remembered for.</summary>
    public void GiveUp()
    {
        if (_expecting > 0 && --_expecting == 0)
        {
            _told = [];
        }
    }

    /// <summary>Remembers what the sale is told, while another is expected.</summary>
    public void Note(IReadOnlyCollection<Release> releases)
    {
        if (IsExpected)
        {
            _told.AddRange(releases);
        }
    }

    /// <summary>Another was opened.</summary>
    /// <returns>What it is to be told.</returns>
    public IReadOnlyCollection<Release> BeginWith(GateSale successor)
    {
        Successor = successor;
        var told = _told;
        _told = [];
        return told;
    }
}
