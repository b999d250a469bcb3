namespace Doorbuster.Fulfilment;

/// <summary>Divides what has come into transactions.</summary>
internal static class Portions
{
    /// <summary>Portions, in order, of so many claims at most; where a single item has more, it is one alone.</summary>
    public static IEnumerable<IReadOnlyList<T>> Of<T>(IReadOnlyList<T> items, int mostClaims, Func<T, int> claimsOf)
    {
        var portion = new List<T>();
        var claims = 0;
        foreach (var item in items)
        {
            if (portion.Count > 0 && claims + claimsOf(item) > mostClaims)
            {
                yield return portion;
                portion = [];
                claims = 0;
            }

            portion.Add(item);
            claims += claimsOf(item);
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }
}
