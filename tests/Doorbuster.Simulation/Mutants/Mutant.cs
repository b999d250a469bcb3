namespace Doorbuster.Simulation.Mutants;

/// <summary>A guard that is taken out of the source, for the auditor to notice.</summary>
/// <param name="Guard">What is taken out, in a few words.</param>
/// <param name="File">The source file, from the repository's root.</param>
/// <param name="Original">The text of the guard, which is there once.</param>
/// <param name="Altered">What stands there instead.</param>
internal sealed record Mutant(string Guard, string File, string Original, string Altered)
{
    /// <summary>The kind of worlds that are to notice.</summary>
    public WorldKind World { get; init; } = WorldKind.Embedded;

    /// <summary>The text of the file without the guard.</summary>
    /// <exception cref="InvalidOperationException">The guard is not there, or not once: the list is old.</exception>
    public string Apply(string text)
    {
        var place = text.IndexOf(Original, StringComparison.Ordinal);
        return place >= 0 && text.IndexOf(Original, place + 1, StringComparison.Ordinal) < 0
            ? text.Replace(Original, Altered, StringComparison.Ordinal)
            : throw new InvalidOperationException($"'{Guard}' is not in {File}, or not once: {Original}");
    }
}

/// <summary>How a mutant ended.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Seed">The seed that caught it; null where none did.</param>
/// <param name="Law">The law that it was seen to break.</param>
internal sealed record MutantEnd(Mutant Mutant, ulong? Seed, string Law);
