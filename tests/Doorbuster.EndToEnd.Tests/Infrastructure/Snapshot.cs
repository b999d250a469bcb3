using System.Text;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>What a server holds, as text, to show that nothing was changed.</summary>
internal static class Snapshot
{
    /// <summary>
    /// Every sale's terms and audit, and how many sales there are. For servers without reservations that end meanwhile:
    /// their units come back by themselves.
    /// </summary>
    public static async Task<string> OfAsync(Api api)
    {
        var text = new StringBuilder();
        for (var next = ""; next is not null;)
        {
            var part = (await api.GetAsync($"/v1/sales?limit=100{next}")).Is(200).Json;
            foreach (var sale in part.GetProperty("items").EnumerateArray())
            {
                text.AppendJoin(',', sale.EnumerateObject().Where(term => term.Name != "now"));
                text.Append(await Audit.OfAsync(api, sale.GetProperty("id").GetString()!)).Append('\n');
            }

            next = part.GetProperty("next").GetString() is { } cursor ? $"&cursor={cursor}" : null;
        }

        return text.ToString();
    }
}
