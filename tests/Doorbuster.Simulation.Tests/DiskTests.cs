using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Weather;
using Xunit;

namespace Doorbuster.Simulation.Tests;

/// <summary>What the simulated disk does to the process that writes.</summary>
public sealed class DiskTests
{
    [Fact]
    public void A_process_dies_of_some_writes()
    {
        Assert.Contains(FateOfWrites(faultsEnd: false), write => write.HasDied);
    }

    [Fact]
    public void A_process_dies_of_no_write_that_lands_after_faults_are_over()
    {
        Assert.All(FateOfWrites(faultsEnd: true), write => Assert.False(write.HasDied, $"Seed {write.Seed}."));
    }

    private static IEnumerable<(ulong Seed, bool HasDied)> FateOfWrites(bool faultsEnd)
    {
        for (var seed = 1UL; seed <= 2_000; seed++)
        {
            yield return (seed, HasDied(seed, faultsEnd));
        }
    }

    /// <summary>Whether a world's first write kills the process.</summary>
    private static bool HasDied(ulong seed, bool faultsEnd)
    {
        var agenda = new Agenda(Draw.Of(seed, Part.Agenda));
        var world = new Realm(agenda, "world");
        var node = new Realm(agenda, "node");
        var faults = new Faults(seed, Mask.None);
        var hasDied = false;
        var disk = new Disk(agenda, world, faults, Draw.Of(seed, Part.Disk), new Trace(agenda, isOn: false))
        {
            Kill = (_, _) => hasDied = true,
        };

        Task? writing = null;
        node.Post(_ => writing = disk.WriteAsync(node, "a change", () => 1).AsTask(), null);
        agenda.Run(() =>
        {
            faults.IsOver = faultsEnd;
            return hasDied || writing!.IsCompleted;
        });
        return hasDied;
    }
}
