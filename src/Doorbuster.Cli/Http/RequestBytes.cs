using System.Text;

namespace Doorbuster.Cli.Http;

/// <summary>Spells requests as the bytes that go over the wire.</summary>
internal static class RequestBytes
{
    /// <summary>A GET.</summary>
    /// <param name="server">The server's address; its path, if any, comes before <paramref name="path"/>.</param>
    /// <param name="path">The path, escaped, beginning with a slash.</param>
    /// <param name="bearer">The JWT to send as Authorization, or nothing.</param>
    public static byte[] Get(Uri server, string path, string? bearer = null) =>
        Encoding.ASCII.GetBytes($"GET {Head(server, path)}{Authorization(bearer)}\r\n");

    /// <summary>A POST without a body.</summary>
    /// <param name="server">The server's address; its path, if any, comes before <paramref name="path"/>.</param>
    /// <param name="path">The path, escaped, beginning with a slash.</param>
    /// <param name="bearer">The JWT to send as Authorization, or nothing.</param>
    public static byte[] Post(Uri server, string path, string? bearer = null)
    {
        return Encoding.ASCII.GetBytes(
            $"POST {Head(server, path)}{Authorization(bearer)}Content-Length: 0\r\n\r\n");
    }

    /// <summary>A POST of a form to a whole address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="form">The form, escaped.</param>
    public static byte[] PostForm(Uri address, string form) => Encoding.ASCII.GetBytes(
        $"POST {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n"
        + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n\r\n{form}");

    /// <summary>Everything after the method up to the headers that a request adds.</summary>
    public static string Head(Uri server, string path) =>
        $"{server.AbsolutePath.TrimEnd('/')}{path} HTTP/1.1\r\nHost: {server.Authority}\r\n";

    private static string Authorization(string? bearer) =>
        bearer is null ? "" : $"Authorization: Bearer {bearer}\r\n";
}
