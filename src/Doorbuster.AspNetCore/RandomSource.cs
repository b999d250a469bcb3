using System.Security.Cryptography;

namespace Doorbuster.AspNetCore;

/// <summary>
/// Where keys, ids and made-up names come from. It must be unpredictable: <see cref="System"/>, save in a test that
/// wants the same draw twice.
/// </summary>
/// <param name="fill">Fills a span with random bytes; called by many threads at once.</param>
public sealed class RandomSource(RandomSource.Filler fill)
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Fills a span with random bytes.</summary>
    public delegate void Filler(Span<byte> target);

    /// <summary>The operating system's generator.</summary>
    public static RandomSource System { get; } = new(RandomNumberGenerator.Fill);

    /// <summary>Draws bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        fill(bytes);
        return bytes;
    }

    /// <summary>Draws a number from 0 up to 1.</summary>
    public double Fraction()
    {
        Span<byte> drawn = stackalloc byte[sizeof(uint)];
        fill(drawn);
        return BitConverter.ToUInt32(drawn) / (uint.MaxValue + 1.0);
    }

    /// <summary>Draws a name of lower-case letters and digits, five bits a character.</summary>
    /// <param name="length">Characters, from 1 to 64.</param>
    public string Name(int length) => string.Create(length, fill, static (name, fill) =>
    {
        Span<byte> drawn = stackalloc byte[name.Length];
        fill(drawn);
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = Alphabet[drawn[i] % Alphabet.Length];
        }
    });
}
