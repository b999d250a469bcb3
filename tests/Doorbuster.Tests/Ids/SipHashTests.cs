using Xunit;

namespace Doorbuster.Tests.Ids;

/// <summary>SipHash-2-4 as its paper has it.</summary>
public sealed class SipHashTests
{
    private static readonly byte[] Counting = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    /// <summary>The paper's appendix A, and the first vectors of its reference implementation.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void It_keeps_the_published_vectors(int length, ulong expected) =>
        Assert.Equal(expected, new SipHash(Counting).Compute(Counting.AsSpan(0, length)));

    [Fact]
    public void Every_bit_of_the_key_and_of_the_message_matters()
    {
        var hashes = new HashSet<ulong> { new SipHash(Counting).Compute(Counting) };
        for (var bit = 0; bit < 128; bit++)
        {
            var changed = (byte[])Counting.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(hashes.Add(new SipHash(changed).Compute(Counting)), $"Bit {bit} of the key");
            Assert.True(hashes.Add(new SipHash(Counting).Compute(changed)), $"Bit {bit} of the message");
        }
    }

    [Fact]
    public void A_key_of_another_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SipHash(Counting.AsSpan(1)));
}
