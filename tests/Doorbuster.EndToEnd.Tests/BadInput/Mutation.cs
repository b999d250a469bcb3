namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>What of a request a mutation touches; two that touch the same are never put into one request.</summary>
internal enum Part
{
    Method,
    Address,
    Query,
    Header,
    ContentType,
    Body,

    /// <summary>After the body, which a signature may be about.</summary>
    Credentials,

    /// <summary>Last, for it is about all bytes.</summary>
    Wire,
}

/// <summary>One way to make a good request wrong.</summary>
/// <param name="Name">What it is, for the counts.</param>
/// <param name="Part">What it touches.</param>
/// <param name="Statuses">
/// What the request must be answered with where nothing else is wrong with it; none where it may well succeed, so that
/// it is put beside another wrong, or into a request that changes nothing.
/// </param>
/// <param name="Fits">Whether a call can be made wrong this way.</param>
/// <param name="Apply">Makes it wrong.</param>
internal sealed record Mutation(
    string Name, Part Part, int[] Statuses, Func<ContractCall, bool> Fits, Action<Draft, Draws> Apply)
{
    /// <summary>Whether a request that is wrong this way must be refused.</summary>
    public bool Refuses => Statuses.Length > 0;

    /// <summary>Every way there is.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. AddressMutations.All, .. CredentialMutations.All, .. HeaderMutations.All, .. BodyMutations.All,
        .. WireMutations.All,
    ];
}

/// <summary>Where everything is drawn from, and what it is drawn for.</summary>
internal sealed class Draws(Random random, BadWorld world, string unique)
{
    public BadWorld World => world;

    /// <summary>A name that no other request has.</summary>
    public string Unique => unique;

    public int Next(int below) => random.Next(below);

    public int Next(int from, int below) => random.Next(from, below);

    public T Pick<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public string Letters(int count) =>
        string.Create(count, random, static (text, random) =>
        {
            foreach (ref var letter in text)
            {
                letter = (char)random.Next('a', 'z' + 1);
            }
        });

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
