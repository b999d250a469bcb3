using System.Text;
using Doorbuster.EndToEnd.Tests.Contract;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>
/// A hundred thousand wrong requests, drawn from a seed by a generator that reads the contract: every call of it, made
/// wrong in every way that fits. Each is refused as the contract has it, and nothing is changed.
/// </summary>
public sealed class GeneratedRequestTests(ITestOutputHelper output)
{
    private const int Requests = 100_000;
    private const int Connections = 24;
    private const int EnoughFailures = 50;
    private const int FailuresTold = 10;

    [Theory]
    [InlineData(20261121)]
    public async Task A_hundred_thousand_wrong_requests_are_refused_and_change_nothing(int seed)
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string> { ["Doorbuster:Identity:Guests"] = "true" },
        });
        var world = await BadWorld.BuildAsync(server);
        await EveryProblemIsServedAsync(server.Api);
        var before = await world.StateAsync();

        var tally = await SendAllAsync(new RequestGenerator(seed, world), server.Api.Address, seed);

        output.WriteLine(tally.ToString());
        Assert.True(tally.Failures.IsEmpty, string.Join("\n\n", tally.Failures.Values.Take(FailuresTold)));
        Assert.Empty(RequestGenerator.Ways.Except(tally.Ways));
        Assert.Equal(before, await world.StateAsync());
        await EveryGoodRequestSucceedsAsync(world, server.Api.Address);
        Assert.DoesNotContain("fail: ", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("crit: ", server.Log, StringComparison.Ordinal);
    }

    /// <summary>One of them alone, as a failure names it.</summary>
    [Theory]
    [InlineData(20261121, 1)]
    public void A_request_is_drawn_again_by_seed_and_number(int seed, int number)
    {
        // The same seed and number draw the same mistakes, whatever was drawn before.
        Assert.Equal(Mistakes(seed, number), Mistakes(seed, number));
        Assert.NotEqual(Mistakes(seed, number), Mistakes(seed + 1, number));

        static string Mistakes(int seed, int number) => string.Join(
            '\n', Enumerable.Range(number, 20).Select(one => RequestGenerator.Choice(seed, one)));
    }

    private static async Task<BadTally> SendAllAsync(RequestGenerator generator, Uri address, int seed)
    {
        var tally = new BadTally();
        var check = new AnswerCheck();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new KeptConnection(address);
            for (int number; (number = Interlocked.Increment(ref next)) < Requests;)
            {
                if (tally.Failures.Count >= EnoughFailures)
                {
                    return;
                }

                var request = generator.Draw(number);
                var bytes = request.Draft.ToBytes();
                var (statuses, wrong) = await SendAsync(connection, request, bytes, check);
                tally.Add(request, statuses);
                if (wrong is not null)
                {
                    tally.Fail(request, $"Seed {seed}, request {number}, {request}: {wrong}\n{Readable(bytes)}");
                }
            }
        })));
        return tally;
    }

    private static async Task<(string Status, string? Wrong)> SendAsync(
        KeptConnection connection, WrongRequest request, byte[] bytes, AnswerCheck check)
    {
        try
        {
            var isHead = request.Draft.Method == "HEAD";
            var answers = await connection.AskAsync(request.Draft, bytes, hasBody: !isHead);
            var status = answers.Count == 0 ? "none" : AnswerCheck.Summary(answers[0]);
            return (status, answers.Select((answer, at) => check.Fault(request, answer, isFirst: at == 0))
                .FirstOrDefault(fault => fault is not null));
        }
        catch (Exception fault) when (fault is IOException or TimeoutException or FormatException)
        {
            return ("fault", fault.Message);
        }
    }

    /// <summary>What was made wrong was right before: each call succeeds as it was before anyone touched it.</summary>
    private static async Task EveryGoodRequestSucceedsAsync(BadWorld world, Uri address)
    {
        // A sale is changed before its revision grows, and closed when nobody needs it any more.
        string[] late = ["pauseSale", "resumeSale", "receivePaymentEvent", "closeSale"];
        var inTurn = ContractCall.All.OrderBy(call => call.Name != "changeSale")
            .ThenBy(call => Array.IndexOf(late, call.Name));
        foreach (var call in inTurn)
        {
            using var connection = new KeptConnection(address);
            var draft = world.Good(call, $"good-{call.Name.ToLowerInvariant()}");
            var answer = (await connection.AskAsync(draft, draft.ToBytes(), hasBody: true)).Single();
            Assert.True(answer.Status is >= 200 and < 300, $"{call.Name}: {answer}");
            var wrong = ContractCheck.Violations(ApiDocument.CheckedIn, draft.ToCall(), draft.Target, answer);
            Assert.True(!wrong.Any(), $"{call.Name}: {string.Join("; ", wrong)} {answer}");
        }
    }

    private static async Task EveryProblemIsServedAsync(Api api)
    {
        foreach (var type in ApiDocument.CheckedIn.ProblemSchemas.Keys)
        {
            (await api.GetAsync($"/problems/{type.Split('/')[^1]}")).Is(200);
        }
    }

    private static string Readable(byte[] bytes) =>
        Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 3_000))).Replace("\0", "\\0");
}
