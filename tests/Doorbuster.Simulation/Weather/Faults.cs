using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Weather;

/// <summary>
/// Draws faults at rates of this run's own. Each run has some kinds not at all and others often, because what goes
/// wrong everywhere a little hides what only goes wrong when one thing fails all the time (A. Groce et al., "Swarm
/// testing", 2012).
/// </summary>
internal sealed class Faults
{
    /// <summary>How many kinds there are.</summary>
    public static readonly int Kinds = Enum.GetValues<FaultKind>().Length;

    private const int Base = 1_000;

    /// <summary>The streams of sizes lie so far apart: as many kinds strike a single process.</summary>
    private const ulong SizeStreams = (ulong)FaultKind.EventForged + 1;

    /// <summary>Kinds that are of several nodes alone have streams of sizes of their own.</summary>
    private const ulong FurtherSizes = 1_000;

    private readonly int[] _perThousand = new int[Kinds];
    private readonly Draw[] _draws = new Draw[Kinds];
    private readonly Draw[] _sizes = new Draw[Kinds];
    private readonly ulong _seed;
    private readonly Mask _mask;

    public Faults(ulong seed, Mask mask)
    {
        _seed = seed;
        _mask = mask;
        var draw = Draw.Of(seed, Part.Rates);
        var isCalm = draw.Percent(10);
        for (var kind = 0; kind < Kinds; kind++)
        {
            _draws[kind] = Draw.Of(seed, Part.Faults + (ulong)kind);
            var rate = draw.Of(0, 0, 0, 5, 15, 40, 100, 300) * ((FaultKind)kind == FaultKind.HintLost ? 5 : 1);
            _perThousand[kind] = isCalm ? 0 : Math.Min(rate, Most((FaultKind)kind));
        }
    }

    /// <summary>How often each kind has struck.</summary>
    public int[] Struck { get; } = new int[Kinds];

    /// <summary>How often each kind would have struck, were none left out.</summary>
    public int[] Drawn { get; } = new int[Kinds];

    /// <summary>Whether nothing goes wrong any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether a fault of this kind strikes now.</summary>
    public bool Strike(FaultKind kind)
    {
        var rate = _perThousand[(int)kind];
        if (rate == 0 || IsOver || _draws[(int)kind].Next(Base) >= rate || !_mask.Allows(kind, Drawn[(int)kind]++))
        {
            return false;
        }

        // How bad it is is drawn from a stream of its own: one that is left out leaves those after it as they are.
        _sizes[(int)kind] = Draw.Of(_seed, SizesOf(kind, (ulong)Drawn[(int)kind]));
        Struck[(int)kind]++;
        return true;
    }

    /// <summary>The same for a fault that goes on when the others are over: it costs a little time and no more.
    /// </summary>
    public bool StrikeEver(FaultKind kind)
    {
        var wasOver = IsOver;
        IsOver = false;
        var strikes = Strike(kind);
        IsOver = wasOver;
        return strikes;
    }

    /// <summary>A number for the fault of this kind that has struck last.</summary>
    public int Next(FaultKind kind, int from, int below) => _sizes[(int)kind].Next(from, below);

    private static ulong SizesOf(FaultKind kind, ulong no) => kind <= FaultKind.EventForged
        ? Part.Sizes + (no * SizeStreams) + (ulong)kind
        : Part.FurtherSizes + (no * FurtherSizes) + (ulong)kind;

    /// <summary>What would leave nothing but this one kind to be seen.</summary>
    private static int Most(FaultKind kind) => kind switch
    {
        FaultKind.DiedBeforeCommit or FaultKind.DiedAfterCommit or FaultKind.HeldForDead => 40,
        FaultKind.DiskFull or FaultKind.DiskSlow or FaultKind.StrangeHand => 15,
        FaultKind.ProviderHangs or FaultKind.NodeHeld => 40,
        FaultKind.StoreAway => 15,
        FaultKind.RedisEmpty or FaultKind.RedisOlder or FaultKind.RedisSplit or FaultKind.RedisHangs => 40,
        FaultKind.RedisRequestLost or FaultKind.RedisReplyLost or FaultKind.RedisLate => 40,
        FaultKind.RedisRestarted or FaultKind.RedisEvicted or FaultKind.ClaimUnwritable => 100,
        FaultKind.HintLost => 1_000,
        _ => 300,
    };
}
