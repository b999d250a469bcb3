using Doorbuster.Claims;
using Xunit;

namespace Doorbuster.Tests.Determinism;

/// <summary>
/// A buyer who wants several things, clicks twice, tries again under the same key and under new ones, and in the end
/// wants to know what became of it all.
/// </summary>
internal sealed class RandomBuyer(World world, string name, IReadOnlyList<Sale> sales, Random random)
{
    private const int MaxTries = 500;

    private readonly BuyerId _id = BuyerId.Parse(name);
    private readonly List<(Sale Sale, string Key, int Units)> _unknown = [];

    public async Task LiveAsync()
    {
        for (var i = random.Next(1, 9); i > 0; i--)
        {
            await world.PassAsync(60);
            var sale = sales[random.Next(sales.Count)];
            var units = random.Next(2) == 0 ? random.Next(1, sale.PerBuyerLimit + 2) : 1;
            await Task.WhenAll(DrawKeys().Select(key => ClickAsync(sale, key, units)));
        }

        foreach (var (sale, key, units) in _unknown)
        {
            await InsistAsync(world, sale, _id, key, units);
        }
    }

    /// <summary>Asks again under the same key until there is an answer that says something.</summary>
    public static async Task<ClaimAnswer> InsistAsync(World world, Sale sale, BuyerId buyer, string key, int units)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var answer = await world.ClaimAsync(sale, buyer, key, units);
            if (answer.Outcome is not (null or Outcome.Busy or Outcome.NotOpen))
            {
                return answer;
            }

            await world.PassAsync(40);
        }

        Assert.Fail($"{buyer} was told nothing in {MaxTries} tries under {key}.");
        return default;
    }

    /// <summary>Mostly one click; now and then a double click, or two windows with a key each.</summary>
    private string[] DrawKeys()
    {
        var key = $"k{random.Next(1, 4)}";
        return random.Next(8) switch
        {
            0 => [key, key],
            1 => [key, $"k{random.Next(1, 4)}"],
            _ => [key],
        };
    }

    private async Task ClickAsync(Sale sale, string key, int units)
    {
        var answer = await world.ClaimAsync(sale, _id, key, units);
        if (answer.Outcome is null)
        {
            _unknown.Add((sale, key, units));
        }
        else if (answer.Outcome == Outcome.Busy && random.Next(2) == 0)
        {
            await world.PassAsync(30);
            await world.ClaimAsync(sale, _id, key, units);
        }
    }
}
