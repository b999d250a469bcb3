using System.Globalization;
using Microsoft.Playwright;

namespace Doorbuster.Benchmarks;

/// <summary>
/// From a click on the buyer's page in Chromium until its answer is painted, while a crowd claims in the same sale.
/// </summary>
internal sealed class ClickFigure(ThroughputFigures throughput, BenchOptions options)
{
    private const int CrowdPerSecond = 1_000;

    /// <summary>What a gate keeps of one buyer is bounded; this is below it.</summary>
    private const int Clicks = 50;

    private const int RushPages = 50;
    private const int RushUnits = 10;

    /// <summary>A machine that cannot bear the crowd measures nothing; the run ends then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Clicks, waits until the answer is painted, gives the unit back, and does so again.</summary>
    private const string Measure =
        """
        async (clicks) => {
          const stage = document.getElementById('stage');
          const frame = () => new Promise(requestAnimationFrame);
          const until = (holds) => new Promise((done) => {
            const observer = new MutationObserver(() => look());
            const look = () => holds() && (observer.disconnect(), done());
            observer.observe(stage, { attributes: true, childList: true, subtree: true });
            look();
          });
          const links = (count) => until(() => stage.querySelectorAll('.quiet').length === count);
          const measured = [];
          while (measured.length < clicks) {
            await until(() => stage.dataset.kind === 'open');
            const start = performance.now();
            stage.querySelector('.act').click();
            await until(() => stage.dataset.kind === 'reserved');
            await frame();
            await frame();
            measured.push(performance.now() - start);
            await links(1);
            stage.querySelector('.quiet').click();
            await links(2);
            stage.querySelector('.quiet').click();
          }
          return measured;
        }
        """;

    /// <summary>Clicks, and says what the answer was, and after how many milliseconds it showed.</summary>
    private const string Once =
        """
        async () => {
          const stage = document.getElementById('stage');
          const isAnswered = () => !['open', 'asking'].includes(stage.dataset.kind);
          const start = performance.now();
          stage.querySelector('.act').click();
          await new Promise((done) => {
            const look = () => isAnswered() && (observer.disconnect(), done());
            const observer = new MutationObserver(look);
            observer.observe(stage, { attributes: true });
            look();
          });
          return { kind: stage.dataset.kind, milliseconds: performance.now() - start };
        }
        """;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",

            // A process for each of the many pages would take the machine from what is measured.
            Args = ["--no-sandbox", "--disable-gpu", "--renderer-process-limit=4"],
        });
        await using var server = await throughput.StartAsync();
        var sale = await server.CreateSaleAsync("clicks", 10_000_000, perBuyerLimit: 5);
        var runs = new List<double>();
        await using (new SteadyClaims(server, sale, CrowdPerSecond))
        {
            // The first buyer warms page and server, and counts for nothing.
            for (var run = 0; run <= options.Runs; run++)
            {
                var p95 = await P95Async(browser, server, sale);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  p95 {p95:0} ms"));
                if (run > 0)
                {
                    runs.Add(p95);
                }
            }
        }

        return
        [
            Figure.Under(
                "p95 from a click on the page to its answer painted, beside 1,000 claims a second", 100, "ms", runs,
                string.Create(
                    CultureInfo.InvariantCulture, $"{Clicks} clicks of one buyer a run, in headless Chromium")),
            await RushAsync(browser, server),
        ];
    }

    /// <summary>So many pages click at once for so few units.</summary>
    private static async Task<Figure> RushAsync(IBrowser browser, ServerProcess server)
    {
        var sale = await server.CreateSaleAsync("rush", RushUnits);

        // Each is a tab with a buyer of its own, whom its address hands over.
        await using var context = await browser.NewContextAsync();
        var pages = new List<IPage>();
        while (pages.Count < RushPages)
        {
            // One after the other: what is measured begins with the clicks.
            pages.Add(await OpenAsync(context, server, sale));
        }

        var answers = await Task.WhenAll(pages.Select(page => page.EvaluateAsync<Answer>(Once).WaitAsync(Patience)));
        var got = answers.Count(answer => answer.Kind == "reserved");
        return got == RushUnits
            ? Figure.Shown(
                $"p95 of {RushPages} pages that click at once for {RushUnits} units",
                [answers.Select(answer => answer.Milliseconds).Order().ElementAt((int)(RushPages * 0.95))],
                "ms until the answer shows, all of them tabs of one headless Chromium")
            : throw new InvalidOperationException($"{got} of {RushPages} pages were told that they have one.");
    }

    private static async Task<double> P95Async(IBrowser browser, ServerProcess server, SaleId sale)
    {
        await using var context = await browser.NewContextAsync();
        var page = await OpenAsync(context, server, sale);
        try
        {
            var measured = await page.EvaluateAsync<double[]>(Measure, Clicks).WaitAsync(Patience);
            return measured.Order().ElementAt((int)(measured.Length * 0.95));
        }
        catch (TimeoutException fault)
        {
            var shown = await page.Locator("#stage").InnerTextAsync();
            throw new TimeoutException($"{Clicks} clicks took longer than {Patience}. The page says: {shown}", fault);
        }
    }

    private static async Task<IPage> OpenAsync(IBrowserContext context, ServerProcess server, SaleId sale)
    {
        var page = await context.NewPageAsync();
        var token = server.TokenOf(BuyerId.Parse(Guid.NewGuid().ToString()));
        await page.GotoAsync(new Uri(server.Address, $"/s/{sale}#token={token}").ToString());
        await page.Locator("#stage[data-kind=open]").WaitForAsync();
        return page;
    }

    /// <summary>What a page said.</summary>
    private sealed record Answer
    {
        public string Kind { get; init; } = "";

        public double Milliseconds { get; init; }
    }
}
