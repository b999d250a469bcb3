using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Running;

/// <summary>What happened in all the worlds of a run.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();

    public long Seeds { get; private set; }

    public long Claims { get; private set; }

    public long Steps { get; private set; }

    public long Processes { get; private set; }

    public long[] Faults { get; } = new long[Weather.Faults.Kinds];

    public long[] Branches { get; } = new long[Enum.GetValues<Branch>().Length];

    /// <summary>Branches that were never reached.</summary>
    public IEnumerable<Branch> Missing => Enum.GetValues<Branch>().Where(branch => Branches[(int)branch] == 0);

    /// <summary>Faults that never struck.</summary>
    public IEnumerable<FaultKind> Unseen => Enum.GetValues<FaultKind>().Where(kind => Faults[(int)kind] == 0);

    public void Add(RunResult result)
    {
        lock (_lock)
        {
            Seeds++;
            Claims += result.Claims;
            Steps += result.Steps;
            Processes += result.Processes;
            for (var i = 0; i < Faults.Length; i++)
            {
                Faults[i] += result.Faults[i];
            }

            for (var i = 0; i < Branches.Length; i++)
            {
                Branches[i] += result.Branches[i];
            }
        }
    }
}
