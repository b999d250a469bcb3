using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>How long to wait before the same request is sent again.</summary>
internal static class RetryDelay
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWithoutAnswer = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After a connection broke: 200 ms, and twice as long each further time up to 3 s, so that a few attempts outlast
    /// the restart of a server.
    /// </summary>
    /// <param name="attempt">Which sending got no answer, from 1.</param>
    public static TimeSpan WithoutAnswer(int attempt) => Least(First * Math.Pow(2, attempt - 1), LongestWithoutAnswer);

    /// <summary>After an answer: what Retry-After asks, at most 10 s so that the run ends; a second if it is silent.
    /// </summary>
    public static TimeSpan For(HttpAnswer answer) =>
        Least(TimeSpan.FromSeconds(answer.RetryAfterSeconds < 0 ? 1 : answer.RetryAfterSeconds), LongestAsked);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
