using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>Who the crowd's buyers are, and how each proves it to the server.</summary>
internal interface IBuyers
{
    /// <summary>How many different buyers share this many claims.</summary>
    int CountFor(int claims);

    /// <summary>The JWT that names a buyer.</summary>
    /// <param name="buyer">Which one, from 0.</param>
    /// <param name="connection">A connection that is free for the call, where one is needed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandException">The server gives none.</exception>
    ValueTask<string> SignInAsync(int buyer, HttpConnection connection, CancellationToken cancellationToken);
}
