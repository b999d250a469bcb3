using Doorbuster.Conformance;
using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>The index of orders against a dictionary.</summary>
public sealed class OrderIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_tells_what_a_dictionary_tells(int seed)
    {
        var random = new Random(seed);
        var index = new OrderIndex();
        var naive = new SortedDictionary<long, OrderKey>();
        var next = 1L;
        for (var step = 0; step < 20_000; step++)
        {
            var key = Draw(random);
            switch (random.Next(10))
            {
                case < 6:
                    var isNew = !naive.ContainsValue(key);
                    Assert.Equal(isNew, index.TryAdd(key, next));
                    next = isNew ? Remember(naive, next, key) : next;
                    break;
                case 6 when random.Next(20) == 0:
                    next = Math.Max(1, next - random.Next(40));
                    index.RemoveFrom(next);
                    naive.Keys.Where(row => row >= next).ToList().ForEach(row => naive.Remove(row));
                    break;
                default:
                    var known = naive.SingleOrDefault(order => order.Value == key).Key;
                    Assert.Equal((known > 0, known), (index.TryFind(key, out var row), row));
                    break;
            }
        }

        Assert.All(naive, order => Assert.True(index.TryFind(order.Value, out var row) && row == order.Key));
    }

    [Fact]
    public void An_order_written_twice_is_refused_and_what_was_added_can_be_taken_back()
    {
        var sale = Samples.Sale();
        var (first, second) = (Samples.Order(sale, "anna"), Samples.Order(sale, "bert"));
        var index = new OrderIndex();

        Assert.Equal(8, index.Add([first], 7));
        Assert.Throws<InvalidOperationException>(() => index.Add([second, first], 8));
        index.RemoveFrom(8);

        Assert.False(index.TryFind(second.Id.Key, out _));
        Assert.True(index.TryFind(first.Id.Key, out var row));
        Assert.Equal(7, row);
    }

    [Fact]
    public void Orders_added_together_are_found_up_to_the_first_whose_id_was_there()
    {
        var keys = Enumerable.Range(1, 1_000).Select(i => new OrderKey((ulong)(i % 64), (ulong)i)).ToArray();
        var index = new OrderIndex(10);

        Assert.Equal(900, index.AddAll(keys.AsSpan(0, 900), Enumerable.Range(1, 900).Select(i => (long)i).ToArray()));
        Assert.Equal(1, index.AddAll([keys[900], keys[7], keys[901]], [901, 902, 903]));

        Assert.All(keys[..901], key => Assert.True(index.TryFind(key, out var row) && (ulong)row == key.Low));
        Assert.False(index.TryFind(keys[901], out _));
    }

    [Fact]
    public void What_another_index_found_replaces_everything()
    {
        var (index, found) = (new OrderIndex(), new OrderIndex());
        index.TryAdd(new OrderKey(1, 1), 1);
        found.TryAdd(new OrderKey(2, 2), 1);

        index.Load(found);

        Assert.False(index.TryFind(new OrderKey(1, 1), out _));
        Assert.True(index.TryFind(new OrderKey(2, 2), out _));
    }

    private static long Remember(SortedDictionary<long, OrderKey> naive, long row, OrderKey key)
    {
        naive.Add(row, key);
        return row + 1;
    }

    /// <summary>Few enough bits that many orders share a chain, and some an id.</summary>
    private static OrderKey Draw(Random random) => new((ulong)random.Next(64), (ulong)random.Next(64));
}
