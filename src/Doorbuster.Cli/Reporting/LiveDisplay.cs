using Doorbuster.Cli.Load;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Doorbuster.Cli.Reporting;

/// <summary>
/// Shows on standard error how a crowd gets on while it runs: a picture where that is a terminal, else a line now and
/// then. It only looks; a look takes a few microseconds of the processors that are being measured.
/// </summary>
internal static class LiveDisplay
{
    private const int BarWidth = 44;
    private static readonly TimeSpan BetweenPictures = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    /// <summary>Runs a crowd, and shows it.</summary>
    public static async Task<LoadOutcome> ShowWhileAsync(
        LoadRun run, LoadPlan plan, CancellationToken cancellationToken)
    {
        var running = Task.Run(() => run.RunAsync(cancellationToken), CancellationToken.None);
        var text = new ProgressText(plan, run.Progress);
        if (Terminal.CanDraw(Terminal.Progress))
        {
            await DrawAsync(Terminal.Progress, running, text, plan, run.Progress);
        }
        else
        {
            await WriteLinesAsync(running, text);
        }

        return await running;
    }

    private static async Task WriteLinesAsync(Task running, ProgressText text)
    {
        for (var shown = ""; !await IsOverAsync(running, BetweenLines);)
        {
            var line = text.Next();
            if (line != shown)
            {
                await Console.Error.WriteLineAsync(shown = line);
            }
        }
    }

    private static Task DrawAsync(
        IAnsiConsole console, Task running, ProgressText text, LoadPlan plan, LoadProgress progress) =>
        console.Live(new Text(text.Next())).AutoClear(true).StartAsync(async live =>
        {
            while (!await IsOverAsync(running, BetweenPictures))
            {
                live.UpdateTarget(Picture(text.Next(), plan, progress));
            }
        });

    private static Rows Picture(string line, LoadPlan plan, LoadProgress progress)
    {
        List<IRenderable> rows = [new Text($"  {line}")];
        if (progress.Stage >= LoadStage.Claiming)
        {
            rows.Add(Bar("answered", "blue", progress.Done, plan.Buyers));
            rows.Add(Bar("reserved", "yellow", progress.Feed?.Reserved ?? progress.Orders, progress.Quantity));
            if (progress.Feed is { } feed)
            {
                rows.Add(Bar("paid    ", "green", feed.Paid, progress.Quantity));
            }
        }

        return new Rows(rows);
    }

    private static Markup Bar(string name, string colour, int count, int whole)
    {
        var filled = (int)((long)Math.Min(count, whole) * BarWidth / Math.Max(whole, 1));
        return new Markup(
            $"  {name} [{colour}]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/] "
            + $"{100.0 * count / Math.Max(whole, 1):0} %");
    }

    private static async Task<bool> IsOverAsync(Task running, TimeSpan after) =>
        await Task.WhenAny(running, Task.Delay(after)) == running;
}
