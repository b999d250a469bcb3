using System.Numerics;

namespace Doorbuster.Claims;

/// <summary>
/// Which orders a lane's claims that nobody has answered yet may become: a count a cell, so that asking costs a read
/// and no lock. Two orders of one cell only take the longer way.
/// </summary>
/// <remarks>
/// Invariant: while a claim has a place in the lane its cell is not zero, and when the cell is zero again the sold-out
/// mark knows the order that came of it. So whoever looks here first, and at the mark after that, refuses no retry
/// whose first sending may still be admitted (F17). Tests: <c>F17_TheSameOrderAgainTests</c>.
/// </remarks>
/// <param name="capacity">Claims that the lane holds: there are four cells for each.</param>
internal sealed class UnderWay(int capacity)
{
    private readonly int[] _claims = new int[BitOperations.RoundUpToPowerOf2(4 * (uint)capacity)];

    /// <summary>A claim comes.</summary>
    public void Enter(OrderKey order) => Interlocked.Increment(ref CellOf(order.High));

    /// <summary>A claim that came is answered.</summary>
    public void Leave(OrderKey order) => Interlocked.Decrement(ref CellOf(order.High));

    /// <summary>Whether a claim may be under way whose order begins so.</summary>
    public bool MayHave(ulong orderHigh) => Volatile.Read(ref CellOf(orderHigh)) != 0;

    /// <summary>An order's key is a keyed hash, so any bits of it will do.</summary>
    private ref int CellOf(ulong orderHigh) => ref _claims[orderHigh & (ulong)(_claims.Length - 1)];
}
