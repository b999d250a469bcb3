using Doorbuster.Conformance;

namespace Doorbuster.Simulation.Redis;

/// <summary>
/// One Redis: gates and their logs, as the reference of every shared gate has them, which runs one command at a time.
/// It may be away or hang, and come back with less than it had.
/// </summary>
internal sealed class RedisServer(string name, InMemorySharedGate data)
{
    /// <summary>What a trace calls it.</summary>
    public string Name => name;

    /// <summary>What it has.</summary>
    public InMemorySharedGate Data { get; private set; } = data;

    /// <summary>What was last written to its disk as a snapshot; null where nothing was.</summary>
    public InMemorySharedGate? Backup { get; private set; }

    /// <summary>Until when it does not answer, and runs nothing.</summary>
    public long HangsUntil { get; set; }

    /// <summary>Commands that it is yet to run, whose callers have given up.</summary>
    public int Overdue { get; set; }

    /// <summary>Until when there is nobody to connect to.</summary>
    public long AwayUntil { get; set; }

    /// <summary>Writes a snapshot to its disk.</summary>
    public void Save() => Backup = Data.Copy();

    /// <summary>Comes back with this.</summary>
    public void ComeBackWith(InMemorySharedGate data) => Data = data;
}
