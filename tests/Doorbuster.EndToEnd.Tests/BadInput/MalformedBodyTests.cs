using System.Text;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>
/// Bodies that are no JSON: refused in the same way by every call that reads one, and nothing is changed.
/// </summary>
public sealed class MalformedBodyTests(OpenShop shop) : IClassFixture<OpenShop>
{
    public static TheoryData<string, byte[]> Bodies => new()
    {
        { "an open brace", "{"u8.ToArray() },
        { "a missing value", """{"quantity":}"""u8.ToArray() },
        { "one brace too many", """{"quantity":1}}"""u8.ToArray() },
        { "two values", """{"quantity":1}{"quantity":1}"""u8.ToArray() },
        { "a comma at the end", """{"quantity":1,}"""u8.ToArray() },
        { "single quotes", "{'quantity':1}"u8.ToArray() },
        { "a name without quotes", "{quantity:1}"u8.ToArray() },
        { "a comment", """{"quantity":1/* one */}"""u8.ToArray() },
        { "a form", "quantity=1"u8.ToArray() },
        { "XML", "<quantity>1</quantity>"u8.ToArray() },
        { "not a number", """{"quantity":NaN}"""u8.ToArray() },
        { "a leading zero", """{"quantity":01}"""u8.ToArray() },
        { "a leading plus", """{"quantity":+1}"""u8.ToArray() },
        { "hexadecimal", """{"quantity":0x1}"""u8.ToArray() },
        { "an unfinished text", "{\"quantity"u8.ToArray() },
        { "an unknown escape", """{"\q":1}"""u8.ToArray() },
        { "a line break in a text", "{\"quan\ntity\":1}"u8.ToArray() },
        { "blanks alone", " \n\t "u8.ToArray() },
        { "zeros", new byte[64] },
        { "bytes that are no UTF-8", [.. "{\"quantity"u8, 0xff, .. "\":1}"u8] },
        { "an overlong slash", [.. "{\""u8, 0xc0, 0xaf, .. "\":1}"u8] },
        { "UTF-16", Encoding.Unicode.GetBytes("""{"quantity":1}""") },
        { "half a surrogate pair", """{"\ud800":1}"""u8.ToArray() },
        { "a thousand arrays deep", Encoding.ASCII.GetBytes(new string('[', 1_000) + new string(']', 1_000)) },
        { "objects without an end", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 2_000))) },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_no_JSON_is_malformed(string what, byte[] body)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var token = await shop.NewBuyer().TokenAsync(sale);
        var before = await Snapshot.OfAsync(shop.Api);
        var claim = new Call(HttpMethod.Post, $"/v1/sales/{sale}/orders")
        {
            Bytes = body,
            Headers = [("Purchase-Token", token)],
        };
        var creation = new Call(HttpMethod.Post, "/v1/sales") { Bytes = body, Token = Jwt.ForOperator() };

        foreach (var call in new[] { claim, creation })
        {
            var answer = await shop.Api.SendAsync(call);
            Assert.True(answer.Status == 400, $"{what}: {answer}");
            answer.IsProblem(400, "malformed-request");
        }

        Assert.Equal(before, await Snapshot.OfAsync(shop.Api));
    }
}
