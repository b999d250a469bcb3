namespace Doorbuster.AspNetCore.Payments;

/// <summary>How calls go out: bounded in number, in time and in what they bring back.</summary>
internal static class OutgoingHttp
{
    /// <summary>The most bytes of an answer.</summary>
    private const int MaxAnswerBytes = 16 * 1024;

    /// <summary>A client for one address.</summary>
    /// <param name="connections">Calls under way at once; others wait for one to end.</param>
    /// <param name="timeout">How long a call may take with its answer, its wait included.</param>
    /// <param name="isToSelf">Whether it calls this very server, to which no proxy leads.</param>
    public static HttpClient Open(int connections, TimeSpan timeout, bool isToSelf = false) =>
        new(new SocketsHttpHandler
        {
            // A redirect would carry what is signed to where nobody chose.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !isToSelf,
            MaxConnectionsPerServer = connections,
            ConnectTimeout = timeout,

            // So that a new address of the same name is found.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
}
