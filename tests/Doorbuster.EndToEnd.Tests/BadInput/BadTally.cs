using System.Collections.Concurrent;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>How often each call was made wrong in each way, and what it was answered.</summary>
internal sealed class BadTally
{
    private readonly ConcurrentDictionary<(string Call, string Mutation), int> _ways = [];
    private readonly ConcurrentDictionary<string, int> _answers = [];

    /// <summary>What failed, once for each way of being wrong.</summary>
    public ConcurrentDictionary<string, string> Failures { get; } = [];

    public IEnumerable<(string Call, string Mutation)> Ways => _ways.Keys;

    public void Fail(WrongRequest request, string what) => Failures.TryAdd(request.ToString(), what);

    public void Add(WrongRequest request, string answer)
    {
        _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);
        foreach (var mutation in request.Mutations)
        {
            if (answer == "none")
            {
                _answers.AddOrUpdate($"none to {mutation.Name}", 1, (_, count) => count + 1);
            }

            _ways.AddOrUpdate((request.Draft.Call.Name, mutation.Name), 1, (_, count) => count + 1);
        }
    }

    public override string ToString() => string.Join('\n',
        [
            .. Lines("Answers", _answers.Select(one => (one.Key, one.Value))),
            .. Lines("Calls", _ways.GroupBy(one => one.Key.Call).Select(of => (of.Key, of.Sum(one => one.Value)))),
            .. Lines(
                "Mutations", _ways.GroupBy(one => one.Key.Mutation).Select(of => (of.Key, of.Sum(one => one.Value)))),
            $"Fewest of a call and a mutation: {_ways.MinBy(one => one.Value)}",
        ]);

    private static IEnumerable<string> Lines(string title, IEnumerable<(string Name, int Count)> counts) =>
        [$"{title}:", .. counts.OrderByDescending(one => one.Count).Select(one => $"{one.Count,8} {one.Name}")];
}
