namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>A wrong request, and what was done to it.</summary>
internal sealed record WrongRequest(Draft Draft, IReadOnlyList<Mutation> Mutations)
{
    /// <summary>Whether it must be refused.</summary>
    public bool IsRefused => Mutations.Any(mutation => mutation.Refuses);

    /// <summary>Whether a status is one that it may be answered with.</summary>
    public bool Allows(int status) =>
        Mutations is [{ Refuses: true } only] ? only.Statuses.Contains(status)
        : status < 500 ? !IsRefused || status >= 400
        : Mutations.Any(mutation => mutation.Statuses.Contains(status));

    public override string ToString() =>
        $"{Draft.Call.Name} made wrong by {string.Join(" and ", Mutations.Select(one => one.Name))}";
}

/// <summary>
/// Draws requests that must change nothing: each begins as one that would succeed, as the contract has it, and then
/// one to three things about it are made wrong. Every request is drawn from the seed and its number alone, so one of
/// them can be drawn again without the others.
/// </summary>
/// <param name="seed">What everything is drawn from.</param>
/// <param name="world">The server that it is for.</param>
internal sealed class RequestGenerator(int seed, BadWorld world)
{
    /// <summary>One request in so many is wrong as HTTP already.</summary>
    private const int WireShare = 8;

    private static readonly IReadOnlyList<ContractCall> Calls = ContractCall.All;

    private static readonly Dictionary<string, List<Mutation>> Fitting = Calls.ToDictionary(
        call => call.Name, call => Mutation.All.Where(mutation => mutation.Fits(call)).ToList());

    /// <summary>Every way in which a call can be made wrong.</summary>
    public static IEnumerable<(string Call, string Mutation)> Ways =>
        from call in Calls
        from mutation in Fitting[call.Name]
        select (call.Name, mutation.Name);

    /// <summary>What is drawn for a number, before there is a request.</summary>
    public static string Choice(int seed, int number)
    {
        var (call, chosen, _) = Choose(seed, number);
        return $"{call.Name}: {string.Join(", ", chosen.Select(mutation => mutation.Name))}";
    }

    /// <summary>Draws the request of a number.</summary>
    public WrongRequest Draw(int number)
    {
        var (call, chosen, random) = Choose(seed, number);
        var draws = new Draws(random, world, $"n-{number}");
        var draft = world.Good(call, draws.Unique);

        // In the order of parts: what signs the body, or says how long it is, comes after it.
        foreach (var mutation in chosen.OrderBy(one => one.Part))
        {
            mutation.Apply(draft, draws);
        }

        return new WrongRequest(draft, chosen);
    }

    private static (ContractCall Call, List<Mutation> Chosen, Random Random) Choose(int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var call = Calls[random.Next(Calls.Count)];
        var fitting = Fitting[call.Name];

        // What ends its connection costs a new one, and is a small part of what can be wrong.
        var onWire = random.Next(WireShare) == 0;
        List<Mutation> first =
            [.. fitting.Where(one => (one.Refuses || call.IsSafe) && (one.Part == Part.Wire) == onWire)];
        var chosen = new List<Mutation> { first[random.Next(first.Count)] };
        for (var more = random.Next(3); more > 0; more--)
        {
            var next = fitting[random.Next(fitting.Count)];
            if (chosen.All(one => one.Part != next.Part) && (next.Part != Part.Wire || !next.Refuses))
            {
                chosen.Add(next);
            }
        }

        return (call, chosen, random);
    }
}
