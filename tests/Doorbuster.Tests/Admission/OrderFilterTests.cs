using Doorbuster.Admission;
using Xunit;

namespace Doorbuster.Tests.Admission;

public sealed class OrderFilterTests
{
    /// <summary>Ids are keyed hashes: numbers drawn from a seed spread as they do.</summary>
    private static readonly OrderKey[] Keys = Draw(new Random(1), 200_000);

    [Fact]
    public void It_never_takes_an_order_for_a_stranger()
    {
        const int Orders = 100_000;
        var filter = new OrderFilter();
        for (var i = 0; i < Orders; i++)
        {
            filter.Add(Key(i));
        }

        for (var i = 0; i < Orders; i++)
        {
            Assert.True(filter.MayContain(Key(i)), $"Order {i} was lost.");
        }
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(1_024, 1)]
    [InlineData(5_000, 2)]
    [InlineData(21_504, 3)]
    [InlineData(87_040, 4)]
    [InlineData(100_000, 5)]
    public void It_takes_a_stranger_for_an_order_one_time_in_hundreds(int orders, int layers)
    {
        const int Strangers = 100_000;
        var filter = new OrderFilter();
        for (var i = 0; i < orders; i++)
        {
            filter.Add(Key(i));
        }

        var mistaken = Enumerable.Range(orders, Strangers).Count(i => filter.MayContain(Key(i)));

        // A full layer has 16 bits an order and 4 probes: (1 - e^(-4/16))^4 = 0.24 %; with room for chance.
        Assert.InRange(mistaken, 0, layers * Strangers / 300);
    }

    [Fact]
    public void An_empty_filter_knows_nobody()
    {
        var filter = new OrderFilter();

        Assert.DoesNotContain(Enumerable.Range(0, 10_000), i => filter.MayContain(Key(i)));
    }

    [Fact]
    public async Task What_was_added_is_seen_by_others_while_more_is_added()
    {
        const int Orders = 50_000;
        var filter = new OrderFilter();
        var added = 0;
        var adding = Task.Run(() =>
        {
            for (var i = 0; i < Orders; i++)
            {
                filter.Add(Key(i));
                Volatile.Write(ref added, i + 1);
            }
        });

        for (var known = 0; known < Orders && !adding.IsFaulted;)
        {
            known = Volatile.Read(ref added);
            for (var i = Math.Max(0, known - 50); i < known; i++)
            {
                Assert.True(filter.MayContain(Key(i)), $"Order {i} was added and not seen.");
            }
        }

        await adding;
    }

    private static ulong Key(int i) => Keys[i].High;

    private static OrderKey[] Draw(Random random, int count)
    {
        var keys = new OrderKey[count];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(keys.AsSpan()));
        return keys;
    }
}
