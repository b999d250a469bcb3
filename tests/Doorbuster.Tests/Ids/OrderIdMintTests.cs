using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Doorbuster.Tests.Ids;

/// <summary>How order ids are made: the recipe is public, the key is not.</summary>
public sealed class OrderIdMintTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly SaleId Sale = SaleId.Parse("drop-1");
    private static readonly OrderIdMint Mint = new(Sale, Key);

    [Theory]
    [InlineData("drop-1", "anna", "k1", "drop-1.2EGYEDSZ861EVAEY42S9PMEWFX")]
    [InlineData("a", "买家", "~", "a.13KYZ308G22C7AY4CDDW5WG4AY")]
    public void The_same_inputs_make_the_same_id_for_ever(string sale, string buyer, string key, string id) =>
        Assert.Equal(id, new OrderIdMint(SaleId.Parse(sale), Key).Mint(BuyerId.Parse(buyer), key).ToString());

    [Theory]
    [InlineData("drop-1", "anna", "k1")]
    [InlineData("a", "b", "c")]
    [InlineData("sale-with-a-name-of-sixty-four-characters-as-long-as-they-may-be", "买家 🎟", "!\"#~")]
    public void An_id_is_a_keyed_hash_and_its_proof(string sale, string buyer, string key)
    {
        var id = new OrderIdMint(SaleId.Parse(sale), Key).Mint(BuyerId.Parse(buyer), key);

        var head = Hash(1, sale, buyer, Encoding.ASCII.GetBytes(key))[..10];
        var tail = Proof(2, sale, buyer, head)[..6];
        byte[] bits = [.. head, .. tail];
        var expected = new OrderKey(
            BinaryPrimitives.ReadUInt64BigEndian(bits), BinaryPrimitives.ReadUInt64BigEndian(bits.AsSpan(8)));
        Assert.Equal(new OrderId(SaleId.Parse(sale), expected), id);
    }

    [Fact]
    public void The_longest_inputs_fit()
    {
        var sale = SaleId.Parse(new string('s', 64));
        var mint = new OrderIdMint(sale, Key);
        var buyer = BuyerId.Parse(new string('b', 128));

        Assert.True(mint.IsGenuine(mint.Mint(buyer, new string('k', 64)), buyer));
    }

    [Fact]
    public void Any_changed_field_makes_another_id()
    {
        var other = (byte[])[.. Key[..31], 0xff];
        var anna = BuyerId.Parse("anna");
        OrderKey[] keys =
        [
            Mint.Mint(anna, "k1").Key,
            Mint.Mint(anna, "k2").Key,
            Mint.Mint(anna, "K1").Key,
            Mint.Mint(BuyerId.Parse("Anna"), "k1").Key,
            new OrderIdMint(SaleId.Parse("drop-2"), Key).Mint(anna, "k1").Key,
            new OrderIdMint(Sale, other).Mint(anna, "k1").Key,
        ];

        Assert.Equal(keys.Length, keys.Select(key => key.High).Distinct().Count());
        Assert.Equal(keys.Length, keys.Select(key => key.Low).Distinct().Count());
    }

    [Theory]
    [InlineData("s", "ab", "c", "s", "a", "bc")]
    [InlineData("sa", "b", "c", "s", "ab", "c")]
    [InlineData("s", "a\u0020", "c", "s", "a", "\u0020c")]
    public void Fields_do_not_run_into_each_other(
        string sale, string buyer, string key, string otherSale, string otherBuyer, string otherKey)
    {
        var one = new OrderIdMint(SaleId.Parse(sale), Key).Mint(BuyerId.Parse(buyer), key);
        var other = new OrderIdMint(SaleId.Parse(otherSale), Key).Mint(BuyerId.Parse(otherBuyer), otherKey);

        Assert.NotEqual(one.Key, other.Key);
    }

    [Fact]
    public void A_genuine_id_is_known_and_only_for_its_buyer_and_sale()
    {
        var anna = BuyerId.Parse("anna");
        var id = Mint.Mint(anna, "k1");

        Assert.True(Mint.IsGenuine(id, anna));
        Assert.False(Mint.IsGenuine(id, BuyerId.Parse("bert")));
        Assert.False(Mint.IsGenuine(new OrderId(SaleId.Parse("drop-2"), id.Key), anna));
        Assert.False(new OrderIdMint(SaleId.Parse("drop-2"), Key).IsGenuine(id, anna));
        Assert.False(new OrderIdMint(Sale, new byte[32]).IsGenuine(id, anna));
    }

    [Fact]
    public void An_id_changed_in_any_bit_is_a_guess()
    {
        var anna = BuyerId.Parse("anna");
        var id = Mint.Mint(anna, "k1");

        for (var bit = 0; bit < 128; bit++)
        {
            var flip = UInt128.One << bit;
            var key = new OrderKey(id.Key.High ^ (ulong)(flip >> 64), id.Key.Low ^ (ulong)flip);
            Assert.False(Mint.IsGenuine(new OrderId(Sale, key), anna), $"Bit {bit} does not matter.");
        }
    }

    [Fact]
    public void Random_ids_are_guesses()
    {
        var random = new Random(1);
        var anna = BuyerId.Parse("anna");

        for (var i = 0; i < 10_000; i++)
        {
            var key = new OrderKey((ulong)random.NextInt64() << 1, (ulong)random.NextInt64() << 1);
            Assert.False(Mint.IsGenuine(new OrderId(Sale, key), anna));
        }
    }

    [Fact]
    public void An_id_can_be_made_in_two_steps_of_which_the_first_tells_it_from_others()
    {
        var anna = BuyerId.Parse("anna");
        var id = Mint.Mint(anna, "k1");

        var head = Mint.Begin(anna, "k1");

        Assert.Equal(id.Key.Head, head);
        Assert.Equal(id.Key.High, head.High);
        Assert.Equal(id, Mint.Complete(head, anna));
        Assert.NotEqual(id, Mint.Complete(head, BuyerId.Parse("bert")));
    }

    [Fact]
    public void A_mint_serves_many_threads_at_once()
    {
        var alone = Enumerable.Range(0, 2_000).Select(MintOne).ToArray();
        var together = new OrderId[alone.Length];

        var eight = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        Parallel.For(0, alone.Length, eight, i => together[i] = MintOne(i));

        Assert.Equal(alone, together);
    }

    [Fact]
    public void A_key_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrderIdMint(Sale, new byte[31]));

    private static OrderId MintOne(int i) => Mint.Mint(BuyerId.Parse($"buyer-{i}"), $"key-{i}");

    /// <summary>The hash as the documentation states it, with the framework's one-shot function.</summary>
    private static byte[] Hash(byte purpose, string sale, string buyer, byte[] last) =>
        HMACSHA256.HashData(Key, Message(purpose, sale, buyer, last));

    private static byte[] Proof(byte purpose, string sale, string buyer, byte[] last)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Key, 16, info: "doorbuster order id proof"u8.ToArray());
        var proof = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(
            proof, new SipHash(key).Compute(Message(purpose, sale, buyer, last)));
        return proof;
    }

    private static byte[] Message(byte purpose, string sale, string buyer, byte[] last)
    {
        var saleUtf8 = Encoding.UTF8.GetBytes(sale);
        var buyerUtf8 = Encoding.UTF8.GetBytes(buyer);
        return
        [
            purpose,
            (byte)saleUtf8.Length, .. saleUtf8,
            (byte)buyerUtf8.Length, .. buyerUtf8,
            (byte)last.Length, .. last,
        ];
    }
}
