using System.Text;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>What a server holds, as text, to show that nothing was changed.</summary>
internal static class Snapshot
{
    /// <summary>
    /// Every sale's terms and audit, and how many sales there are. Of a sale whose reservations end within seconds only
    /// the terms: its units come back by themselves.
    /// </summary>
    public static async Task<string> OfAsync(Api api)
    {
        var text = new StringBuilder();
        for (var next = ""; next is not null;)
        {
            var part = (await api.GetAsync($"/v1/sales?limit=100{next}")).Is(200).Json;
            foreach (var sale in part.GetProperty("items").EnumerateArray())
            {
                var isQuick = sale.GetProperty("paymentWindow").GetString()!.EndsWith('S');
                string[] left = isQuick ? ["now", "available", "soldOut"] : ["now"];
                var terms = sale.EnumerateObject().Where(term => !left.Contains(term.Name));
                var id = sale.GetProperty("id").GetString()!;
                text.AppendJoin(',', terms).Append(isQuick ? null : await Audit.OfAsync(api, id)).Append('\n');
            }

            next = part.GetProperty("next").GetString() is { } cursor ? $"&cursor={cursor}" : null;
        }

        return text.ToString();
    }
}
