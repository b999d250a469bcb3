using System.Text;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Sql;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>
/// A key of 32 random bytes that the server makes for itself, in a file that its user alone can read: one line of
/// base64.
/// </summary>
internal static class KeyFile
{
    /// <summary>The key of HS256 tokens, where the settings name none.</summary>
    public const string SigningKey = "signing-key";

    /// <summary>The key of purchase tokens, where it cannot be derived from a signing key.</summary>
    public const string PurchaseTokenKey = "purchase-token-key";

    /// <summary>
    /// Reads a key, or makes it. Two processes that make the same one at once end with one key: the file appears whole,
    /// and only where there was none.
    /// </summary>
    /// <exception cref="InvalidSettingsException">The file holds no key, or cannot be read or made.</exception>
    public static byte[] ReadOrCreate(string directory, string name, RandomSource random)
    {
        var path = Path.GetFullPath(Path.Combine(directory, name));
        try
        {
            if (!File.Exists(path))
            {
                Create(path, random);
            }

            return Read(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException(
                $"The key {path} cannot be read or made: {failure.Message} Set Doorbuster:DataDirectory to a directory "
                + "that this user can write.");
        }
    }

    private static byte[] Read(string path)
    {
        var text = File.ReadAllText(path).Trim();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= KeyText.MinBytes
            ? bytes[..length]
            : throw new InvalidSettingsException(
                $"The file {path} holds no key; it must be base64 of at least {KeyText.MinBytes} bytes. "
                + "Restore it, or remove it so that a new one is made; tokens signed with the old one then end.");
    }

    private static void Create(string path, RandomSource random)
    {
        var key = Convert.ToBase64String(random.Bytes(KeyText.MinBytes)) + "\n";
        PrivateFiles.MakeDirectory(Path.GetDirectoryName(path)!);
        try
        {
            PrivateFiles.Write(path, draft: $"{path}.{random.Name(10)}", Encoding.ASCII.GetBytes(key));
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its key counts.
        }
    }
}
