using Doorbuster.Admission;
using Xunit;

namespace Doorbuster.Tests.Ids;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("k", "k")]
    [InlineData("!", "!")]
    [InlineData("~", "~")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("\"k\"", "k")]
    [InlineData("a\"b", "a\"b")]
    public void Quoted_or_bare_is_the_same_key(string header, string key)
    {
        Assert.True(IdempotencyKey.TryParse(header, out var read));
        Assert.Equal(key, read);
    }

    [Fact]
    public void It_has_64_characters_at_most_quotes_not_counted()
    {
        var longest = new string('k', 64);

        Assert.True(IdempotencyKey.TryParse(longest, out _));
        Assert.True(IdempotencyKey.TryParse($"\"{longest}\"", out var read));
        Assert.Equal(longest, read);
        Assert.False(IdempotencyKey.TryParse(longest + "k", out _));
        Assert.False(IdempotencyKey.TryParse($"\"{longest}k\"", out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("\"a b\"")]
    [InlineData("a\tb")]
    [InlineData("a\u007f")]
    [InlineData("é")]
    [InlineData("k\u0131")]
    [InlineData("\"\"")]
    [InlineData("\"")]
    [InlineData("\"k")]
    [InlineData("k\"")]
    public void What_is_empty_half_quoted_or_not_visible_is_refused(string? header) =>
        Assert.False(IdempotencyKey.TryParse(header, out _));
}
