using Doorbuster.Simulation.Nodes;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;

namespace Doorbuster.Simulation.Law;

/// <summary>
/// Judges a world by the law and the contract alone: what is committed, looked at after every step; what everyone asked
/// and was told; and what the provider's book says.
/// </summary>
internal sealed class Auditor
{
    private readonly DurableStore _store;
    private readonly LetterAudit _letters;
    private long _seen = -1;

    public Auditor(DurableStore store, Agenda agenda, Trace trace)
    {
        _store = store;
        Truth = new Truth(this, agenda, trace);
        Money = new MoneyAudit(this, store, trace);
        Story = new StoryAudit(this, agenda);
        _letters = new LetterAudit(this, store);
    }

    /// <summary>The nodes that share the store; null where there is one process.</summary>
    public Site? Site { get; set; }

    /// <summary>The same where they share a gate in Redis; null where they do not.</summary>
    public Cluster? Cluster => Site as Cluster;

    /// <summary>What is committed, and was.</summary>
    public Truth Truth { get; }

    /// <summary>What became of money.</summary>
    public MoneyAudit Money { get; }

    /// <summary>What everyone was told.</summary>
    public StoryAudit Story { get; }

    /// <summary>The first law that was seen broken; null while none was.</summary>
    public LawBrokenException? Broken { get; private set; }

    /// <summary>How often each branch was reached.</summary>
    public int[] Reached { get; } = new int[Enum.GetValues<Branch>().Length];

    /// <summary>A branch was reached.</summary>
    public void Reach(Branch branch) => Reached[(int)branch]++;

    /// <summary>A law is broken; the world ends with this step.</summary>
    public void Break(string law, string what) => Broken ??= new LawBrokenException(law, what);

    /// <summary>Looks at what is committed, if anything was written since the last look.</summary>
    public void Look()
    {
        if (_store.Version == _seen)
        {
            return;
        }

        _seen = _store.Version;
        foreach (var sale in _store.Sales)
        {
            Truth.Look(sale);
        }

        Money.Look();
        _letters.Look();
    }
}
