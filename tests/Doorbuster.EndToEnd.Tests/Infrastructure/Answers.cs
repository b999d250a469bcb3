namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>Waits for what a server says.</summary>
internal static class Answers
{
    /// <summary>Waits until an answer of the server is as it should be.</summary>
    /// <returns>That answer.</returns>
    public static async Task<Answer> UntilAsync(
        string what, Func<Task<Answer>> ask, Func<Answer, bool> isRight, TimeSpan? patience = null)
    {
        Answer? last = null;
        try
        {
            await Waiting.UntilAsync(what, async () => isRight(last = await ask()), patience);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message} The last answer: {last}", timeout);
        }

        return last!;
    }
}
