using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>The crowd's connections, opened before anything is measured, and watched for servers that fall silent.
/// </summary>
internal sealed class Connections : IDisposable
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly HttpConnection[] _all;
    private readonly Timer _sweep;

    private Connections(HttpConnection[] all)
    {
        _all = all;
        _sweep = new Timer(_ => AbortSilent(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Opens them all.</summary>
    /// <exception cref="CommandException">The server cannot be reached.</exception>
    public static async Task<Connections> OpenAsync(Uri server, int count, CancellationToken cancellationToken)
    {
        var opened = new Connections([.. Enumerable.Range(0, count).Select(_ => new HttpConnection(server))]);
        try
        {
            await Task.WhenAll(opened._all.Select(connection => connection.OpenAsync(cancellationToken)));
            return opened;
        }
        catch (TransportException failure)
        {
            opened.Dispose();
            throw CommandException.Failed(
                $"{count} connections to {server} could not be opened: {failure.Message}. Start a server with "
                + "'doorbuster serve', name another with --server, or ask for fewer with --connections.",
                failure);
        }
    }

    /// <summary>The first of them, for calls that come one at a time.</summary>
    public HttpConnection First => _all[0];

    /// <summary>
    /// Runs the same loop on each connection, side by side, until all have ended; where one fails the others are
    /// cancelled, and its failure is thrown.
    /// </summary>
    public async Task RunAsync(
        Func<HttpConnection, int, CancellationToken, Task> loop, CancellationToken cancellationToken)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(_all.Select((connection, index) => Task.Run(
            async () =>
            {
                try
                {
                    await loop(connection, index, together.Token);
                }
                catch
                {
                    await together.CancelAsync();
                    throw;
                }
            },
            CancellationToken.None)));
    }

    /// <summary>Does a number of jobs, each on whichever connection is free; one that fails ends the others.</summary>
    public async Task DoAsync(
        int jobs, Func<HttpConnection, int, CancellationToken, Task> job, CancellationToken cancellationToken)
    {
        var next = -1;
        await RunAsync(
            async (connection, _, token) =>
            {
                for (int mine; (mine = Interlocked.Increment(ref next)) < jobs;)
                {
                    await job(connection, mine, token);
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweep.Dispose();
        Array.ForEach(_all, connection => connection.Dispose());
    }

    private void AbortSilent()
    {
        foreach (var connection in _all)
        {
            connection.AbortIfSilent(LongestSilence);
        }
    }
}
