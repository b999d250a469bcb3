namespace Doorbuster.Sql;

/// <summary>By how much a transaction changes a sale's units, where they are and where they go.</summary>
internal struct UnitMoves
{
    /// <summary>More units that nobody holds, or fewer.</summary>
    public int Available { get; private set; }

    /// <summary>More units that wait for a payment, or fewer.</summary>
    public int Reserved { get; private set; }

    /// <summary>More units that are paid, or fewer.</summary>
    public int Sold { get; private set; }

    /// <summary>Units go from where an order held them, if it stood, to where it holds them now.</summary>
    public void Move(OrderStatus? before, OrderStatus after, int quantity)
    {
        Add(before, -quantity);
        Add(after, quantity);
    }

    private void Add(OrderStatus? status, int quantity)
    {
        switch (status)
        {
            case OrderStatus.Reserved:
                Reserved += quantity;
                break;
            case OrderStatus.Paid:
                Sold += quantity;
                break;
            default:
                Available += quantity;
                break;
        }
    }
}
