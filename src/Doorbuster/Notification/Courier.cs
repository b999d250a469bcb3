using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Notification;

/// <summary>
/// Takes what the store has to tell gates to them, by id, and deletes what was delivered. Any number of nodes do so at
/// once: what is delivered twice is done once.
/// </summary>
/// <remarks>
/// The servers among which a gate is divided each have an errand of their own, which reads all that is to be told and
/// tells its own part of it. So one that is slow, or says nothing, holds up others' units only for as long as its own
/// words take to be read (I2, F05). Tests: <c>SharedNodeTests</c>, <c>CourierTests</c>, <c>F05_LostShardTests</c>.
/// </remarks>
/// <param name="outbox">What is to be told.</param>
/// <param name="gate">Who is told.</param>
/// <param name="catalog">Where this node keeps what gates say.</param>
/// <param name="clock">The time between two passes.</param>
/// <param name="ended">The sales that are over, which have no gate to be told anything; none where null.</param>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing to dispose of.
public sealed class Courier(
    IOutbox outbox, ISharedGate gate, Catalog catalog, TimeProvider clock, EndedSales? ended = null)
#pragma warning restore CA1001
{
    /// <summary>The time between two passes where nobody hurries it.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>One errand reads at a time: the node's connections are needed for more than this.</summary>
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>Replaced, and not changed.</summary>
    private volatile Errand[] _errands = [];

    /// <summary>Has the next pass begin at once. It returns at once.</summary>
    public void Hurry() => Array.ForEach(_errands, errand => errand.Hurry());

    /// <summary>Delivers on and on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<(Errand Errand, Task Work)>();
        try
        {
            while (true)
            {
                running.RemoveAll(one => one.Work.IsCompletedSuccessfully);
                foreach (var server in gate.Servers.Except(running.Select(one => one.Errand.Server)).ToList())
                {
                    var errand = new Errand(server, outbox, _reading, gate, catalog, clock, ended);
                    running.Add((errand, RunAsync(errand, stop)));
                }

                _errands = [.. running.Select(one => one.Errand)];
                await Task.Delay(Pause, clock, stop.Token);
                Hurry();
            }
        }
        catch (OperationCanceledException)
        {
            // An errand's fault may be why.
            await Task.WhenAll(running.Select(one => one.Work));
            throw;
        }
        finally
        {
            stop.Cancel();
            await Task.WhenAny(Task.WhenAll(running.Select(one => one.Work)));
        }
    }

    /// <summary>Does an errand, until there is no such server; a fault is everybody's.</summary>
    private static async Task RunAsync(Errand errand, CancellationTokenSource stop)
    {
        try
        {
            await errand.RunAsync(stop.Token);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }
}
