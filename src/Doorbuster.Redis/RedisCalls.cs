using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>How a call ended.</summary>
internal enum Ending
{
    /// <summary>The server answered.</summary>
    Answered,

    /// <summary>The server surely did nothing.</summary>
    NotDone,

    /// <summary>It was done, or not, or will be.</summary>
    Unknown,
}

/// <summary>What became of a call.</summary>
/// <param name="Ending">How it ended.</param>
/// <param name="Value">What the server answered; null where it did not.</param>
/// <param name="IsRepeat">Whether it was called before, and nobody heard whether that was done.</param>
internal readonly record struct Reply(Ending Ending, RedisResult? Value = null, bool IsRepeat = false)
{
    /// <summary>The parts of the answer; null where there is none.</summary>
    public RedisResult[]? Parts => Value is { } value ? (RedisResult[])value! : null;
}

/// <summary>
/// Calls Redis, and says of every call whether it was done. Whatever it calls can be done twice, so it tries again, of
/// its own accord, while there is time: after a server that is loading, that is no longer the primary, or whose slots
/// are moving, and after a connection that broke.
/// </summary>
/// <remarks>
/// The client's own calls have no time-out, so each has one here; a call that ran out of it may still be done later.
/// Tests: <c>F02_LostReplyTests</c>.
/// </remarks>
internal sealed class RedisCalls(IDatabase database, TimeSpan timeout, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Errors before a script has done anything, which pass by themselves.</summary>
    private static readonly string[] Passing =
        ["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "CROSSSLOT", "LOADING", "READONLY", "MASTERDOWN", "BUSY"];

    /// <summary>
    /// How the client itself, in a server's name, begins where a call was sent on to one that does not answer: the
    /// primary that a cluster has just lost.
    /// </summary>
    private const string SentOnInVain = "Endpoint ";

    /// <summary>Errors of a server that takes no writes; scripts of ours meet them at their first.</summary>
    private static readonly string[] Refusing = ["OOM", "MISCONF", "NOREPLICAS"];

    /// <summary>Runs a script by its name, and by its text where the server does not have it.</summary>
    /// <exception cref="RedisServerException">The script is wrong, or a key is not what it should be.</exception>
    public Task<Reply> RunAsync(
        Script script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken)
    {
        var isKnown = true;
        return TryAsync(
            async () =>
            {
                try
                {
                    return isKnown
                        ? await database.ScriptEvaluateAsync(script.Sha, keys, values, CommandFlags.DemandMaster)
                        : await EvaluateAsync(script, keys, values);
                }
                catch (RedisServerException fault) when (isKnown && Begins(fault, ["NOSCRIPT"]))
                {
                    isKnown = false;
                    return await EvaluateAsync(script, keys, values);
                }
            },
            cancellationToken);
    }

    /// <summary>Calls a command.</summary>
    public Task<Reply> ExecuteAsync(string command, object[] arguments, CancellationToken cancellationToken) =>
        TryAsync(
            () => database.ExecuteAsync(command, arguments, CommandFlags.DemandMaster), cancellationToken);

    /// <summary>Adds fields to a hash that is forgotten after a while, both sent together.</summary>
    public Task<Reply> LoadAsync(
        RedisKey key, HashEntry[] fields, TimeSpan life, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                var load = database.HashSetAsync(key, fields, CommandFlags.DemandMaster);
                var expiry = database.ExecuteAsync(
                    "PEXPIRE", [key, (long)life.TotalMilliseconds], CommandFlags.DemandMaster);
                await load;
                return await expiry;
            },
            cancellationToken);

    private Task<RedisResult> EvaluateAsync(Script script, RedisKey[] keys, RedisValue[] values) =>
        database.ExecuteAsync(
            "EVAL",
            [script.Text, keys.Length, .. keys.Cast<object>(), .. values.Cast<object>()],
            CommandFlags.DemandMaster);

    private async Task<Reply> TryAsync(Func<Task<RedisResult>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var began = clock.GetTimestamp();
        var missed = Ending.NotDone;

        // The last attempt has half of the time at least: one that cannot be answered in time would only be unknown.
        for (var spent = TimeSpan.Zero; spent < timeout / 2; spent = clock.GetElapsedTime(began))
        {
            try
            {
                var left = timeout - spent;
                var value = await call().WaitAsync(left, clock, CancellationToken.None);
                return new Reply(Ending.Answered, value, IsRepeat: missed == Ending.Unknown);
            }
            catch (TimeoutException)
            {
                return new Reply(Ending.Unknown);
            }
            catch (RedisConnectionException fault)
            {
                missed = IsUnsent(fault) ? missed : Ending.Unknown;
                ClusterMap.LookAgain(database.Multiplexer, clock);
            }
            catch (RedisServerException fault) when (Begins(fault, Refusing))
            {
                return new Reply(missed);
            }
            catch (RedisServerException fault) when (Begins(fault, [SentOnInVain]))
            {
                ClusterMap.LookAgain(database.Multiplexer, clock);
            }
            catch (RedisServerException fault) when (Begins(fault, Passing))
            {
                // The next attempt finds a server that does it, or time runs out.
            }

            await Task.Delay(Pause, clock, CancellationToken.None);
        }

        return new Reply(missed);
    }

    /// <summary>No server was there to be given the call.</summary>
    private static bool IsUnsent(RedisConnectionException fault) =>
        fault.FailureType == ConnectionFailureType.UnableToResolvePhysicalConnection;

    private static bool Begins(RedisServerException fault, string[] codes) =>
        Array.Exists(codes, code => fault.Message.StartsWith(code, StringComparison.Ordinal));
}
