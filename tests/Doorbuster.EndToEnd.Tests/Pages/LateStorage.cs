using Microsoft.Playwright;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>
/// A tab that does not see yet what other tabs of its browser have put into localStorage. Browsers promise no more, and
/// Chromium really is so late now and then: two tabs that counted there together, each time under the same lock of
/// <c>navigator.locks</c>, lost 64 of 2,000 counts.
/// </summary>
internal static class LateStorage
{
    /// <summary>Makes a tab such a one, from the next page it goes to.</summary>
    public static Task BeLateAsync(this IPage tab) => tab.AddInitScriptAsync(
        """
        const read = Storage.prototype.getItem;
        Storage.prototype.getItem = function (name) {
          return this === localStorage ? null : read.call(this, name);
        };
        """);
}
