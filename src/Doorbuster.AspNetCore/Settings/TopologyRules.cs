namespace Doorbuster.AspNetCore.Settings;

/// <summary>Which gates, stores and queues work together.</summary>
internal static class TopologyRules
{
    private const string Gate = "Doorbuster:Gate";
    private const string Store = "Doorbuster:Store";
    private const string Queue = "Doorbuster:Queue";

    /// <summary>What is wrong with the combination, a message each setting to change.</summary>
    public static IEnumerable<string> Violations(DoorbusterOptions options)
    {
        var (gate, store, queue) = (options.Gate, options.Store, options.Queue);
        if (gate == GateKind.Memory && queue != QueueKind.None)
        {
            yield return $"{Queue} is {Word(queue)}, and {Gate} is memory: that gate commits its claims itself, and "
                + $"nothing carries them. Set {Queue} to none, or {Gate} to redis.";
        }

        if (gate == GateKind.Database && queue != QueueKind.None)
        {
            yield return $"{Queue} is {Word(queue)}, and {Gate} is database: the order store commits its claims "
                + $"itself, and nothing carries them. Set {Queue} to none, or {Gate} to redis.";
        }

        if (gate == GateKind.Database && store == StoreKind.Sqlite)
        {
            yield return $"{Store} is sqlite, and {Gate} is database: a file of one machine is no gate that nodes "
                + $"share. Set {Store} to postgres, or {Gate} to memory.";
        }

        if (gate == GateKind.Redis && queue == QueueKind.None)
        {
            yield return $"{Queue} is none, and {Gate} is redis: something must carry what that gate admits to the "
                + $"order store. Set {Queue} to redis-stream or rabbitmq.";
        }

        if (gate == GateKind.Redis && store == StoreKind.Sqlite)
        {
            yield return $"{Store} is sqlite, and {Gate} is redis: nodes that share a gate share their order store "
                + $"too. Set {Store} to postgres, or {Gate} to memory.";
        }
    }

    /// <summary>What is wrong with the roles.</summary>
    public static IEnumerable<string> OfRoles(DoorbusterOptions options)
    {
        if (options.Gate == GateKind.Memory && options.Roles != RoleKind.Both)
        {
            yield return $"Doorbuster:Roles is {SettingValue.Write(options.Roles)}, and {Gate} is memory: one process "
                + $"does everything there. Set Doorbuster:Roles to both, or {Gate} to redis or database.";
        }
    }

    /// <summary>
    /// How long a claim may be under way, and who waits for whom: a commit ends before another worker takes its batch
    /// over, and that happens before the gate gives up admitting, so that one worker that dies stops no sale.
    /// </summary>
    public static IEnumerable<string> OfTimes(DoorbusterOptions options)
    {
        const string Commit = "Doorbuster:Postgres:CommandTimeout";
        const string TakeOver = "Doorbuster:Workers:TakeOverAfter";
        const string Age = "Doorbuster:Redis:MaxQueueAge";
        var (commit, takeOver, age) =
            (options.Postgres.CommandTimeout, options.Workers.TakeOverAfter, options.Redis.MaxQueueAge);
        if (options.Gate == GateKind.Redis && takeOver <= commit)
        {
            yield return $"{TakeOver} is {SettingValue.Write(takeOver)}; it must be more than {Commit}, which is "
                + $"{SettingValue.Write(commit)}, or a batch is taken over that is still being committed. Raise the "
                + "one, or lower the other.";
        }

        if (options.Gate == GateKind.Redis && age <= takeOver)
        {
            yield return $"{Age} is {SettingValue.Write(age)}; it must be more than {TakeOver}, which is "
                + $"{SettingValue.Write(takeOver)}, or a sale is busy whenever a worker dies. Raise the one, or lower "
                + "the other.";
        }
    }

    /// <summary>Each batch of claims that is under way has a connection of its own, and orders have theirs.</summary>
    public static IEnumerable<string> OfWriters(DoorbusterOptions options)
    {
        const string Writers = "Doorbuster:Postgres:Writers";
        var (lanes, batches, writers) =
            (options.Database.Lanes, options.Database.BatchesInFlight, options.Postgres.Writers);
        if (options.Gate == GateKind.Database && lanes * batches > options.Postgres.Lanes)
        {
            yield return $"{Writers} is {writers}; it must be at least {(lanes * batches) + 2}: two, and one for each "
                + $"of the Doorbuster:Database:BatchesInFlight ({batches}) of each of the Doorbuster:Database:Lanes "
                + $"({lanes}). Raise it, or lower one of those.";
        }
    }

    private static string Word(QueueKind queue) => SettingValue.Write(queue);
}
