using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>A call that the crowd makes before the sale opens, where there is time to be patient.</summary>
internal static class PreparatoryCall
{
    private const int MaxAttempts = 10;

    /// <summary>Sends until the server does not ask to wait any more.</summary>
    /// <exception cref="CommandException">It kept asking, or could not be reached.</exception>
    public static async Task<HttpAnswer> SendAsync(
        HttpConnection connection, byte[] request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                var answer = await connection.SendAsync(request, cancellationToken);
                if (answer.Status is not (429 or 503) || attempt == MaxAttempts)
                {
                    return answer;
                }

                wait = RetryDelay.For(answer);
            }
            catch (TransportException failure)
            {
                wait = attempt < MaxAttempts
                    ? RetryDelay.WithoutAnswer(attempt)
                    : throw CommandException.Failed($"The server stopped answering: {failure.Message}", failure);
            }

            await Task.Delay(wait, cancellationToken);
        }
    }

    /// <summary>The failure to report where the crowd cannot go on without what it asked for.</summary>
    public static CommandException Refused(string what, HttpAnswer answer) => CommandException.Failed(
        $"{what}, because the server answered {answer.Status}: {ProblemBody.Title(answer.Body.Span)}");
}
