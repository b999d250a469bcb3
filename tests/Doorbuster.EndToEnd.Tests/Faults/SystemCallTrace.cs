using System.Text.RegularExpressions;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>A system call as strace saw it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">The call with its arguments and what it returned.</param>
/// <param name="Began">The line on which it began; lines are in the order of time, over all threads.</param>
/// <param name="Ended">The line on which it returned; the last one where strace let go of it before it did.</param>
internal sealed record SystemCall(string Name, string Text, int Began, int Ended);

/// <summary>
/// Reads what <c>strace -f -o</c> writes, with calls that other threads' lines interrupt put together.
/// </summary>
internal static partial class SystemCallTrace
{
    public static IReadOnlyList<SystemCall> Read(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<string, (string Text, int Began)>();
        var last = 0;
        foreach (var (number, line) in lines.Index())
        {
            last = number;
            if (Begun().Match(line) is { Success: true } begun)
            {
                unfinished[begun.Groups["thread"].Value] = (begun.Groups["text"].Value, number);
            }
            else if (Resumed().Match(line) is { Success: true } resumed
                && unfinished.Remove(resumed.Groups["thread"].Value, out var first))
            {
                Add(first.Text + resumed.Groups["text"].Value, first.Began, number);
            }
            else if (Whole().Match(line) is { Success: true } whole)
            {
                Add(whole.Groups["text"].Value, number, number);
            }
        }

        // Whoever waits for what a call sends has it before the call returns.
        foreach (var (text, began) in unfinished.Values)
        {
            Add(text, began, last);
        }

        return calls;

        void Add(string text, int began, int ended) => calls.Add(new(text[..text.IndexOf('(')], text, began, ended));
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<text>\w+\(.*) <(unfinished|detached) \.\.\.>$")]
    private static partial Regex Begun();

    [GeneratedRegex(@"^(?<thread>\d+)\s+<\.\.\. \w+ resumed>(?<text>.*)$")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<text>\w+\(.*\)\s+= .*)$")]
    private static partial Regex Whole();
}
