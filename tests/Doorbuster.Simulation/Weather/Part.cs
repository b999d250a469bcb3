namespace Doorbuster.Simulation.Weather;

/// <summary>The parts of a world that draw from a stream of their own.</summary>
internal static class Part
{
    public const ulong Terms = 1;
    public const ulong Rates = 2;
    public const ulong Agenda = 3;
    public const ulong Network = 4;
    public const ulong Disk = 5;
    public const ulong Provider = 6;
    public const ulong Nodes = 7;
    public const ulong Kind = 8;
    public const ulong Redis = 9;
    public const ulong NodeTerms = 10;
    public const ulong Broker = 11;
    public const ulong Hints = 12;
    public const ulong StoreTerms = 13;
    public const ulong Site = 14;
    public const ulong Faults = 100;
    public const ulong Sales = 1_000;
    public const ulong Operators = 2_000;
    public const ulong Watchers = 3_000;
    public const ulong Buyers = 10_000;
    public const ulong Links = 20_000;
    public const ulong Sizes = 1_000_000;
    public const ulong FurtherSizes = 1_000_000_000;
}
