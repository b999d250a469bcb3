using System.Text;
using System.Text.Json;

namespace Doorbuster.Cli.Load;

/// <summary>Reads an <c>application/problem+json</c> body (RFC 9457).</summary>
internal static class ProblemBody
{
    /// <summary>
    /// The last path segment of the problem's type, such as <c>sold-out</c>; empty where the body is no problem.
    /// Allocates nothing: a sold-out crowd reads tens of thousands a second.
    /// </summary>
    public static ReadOnlySpan<byte> TypeName(ReadOnlySpan<byte> body)
    {
        var type = Member(body, "type"u8);
        return type[(type.LastIndexOf((byte)'/') + 1)..];
    }

    /// <summary>The title, for a person; empty where the body is no problem.</summary>
    public static string Title(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(Member(body, "title"u8));

    private static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var json = new Utf8JsonReader(body);
        try
        {
            while (json.Read())
            {
                var isIt = json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1
                    && json.ValueTextEquals(name);
                if (isIt && json.Read() && json.TokenType == JsonTokenType.String)
                {
                    return json.ValueSpan;
                }
            }
        }
        catch (JsonException)
        {
            // Whatever stands between the crowd and the server answers as it likes; the status says enough.
        }

        return [];
    }
}
