using Doorbuster.AspNetCore.Problems;
using Xunit;

namespace Doorbuster.Server.Tests.Problems;

/// <summary>Every outcome, and every refusal of the framework, is told as a problem of its own.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void Every_outcome_is_an_order_or_a_refusal()
    {
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var isOrder = outcome is Outcome.Admitted or Outcome.Replayed;
            Assert.Equal(isOrder, Refusals.Of(outcome) is null);
        }

        Assert.Equal(Refusals.OutcomeUnknown, Refusals.Of(null));
        Assert.Throws<ArgumentOutOfRangeException>(() => Refusals.Of((Outcome)(-1)));
    }

    [Fact]
    public void Every_kind_of_refusal_is_in_the_table_and_says_what_it_means()
    {
        var fields = typeof(Refusals).GetFields().Count(field => field.FieldType == typeof(ProblemKind));

        Assert.Equal(fields, Refusals.ByName.Count);
        Assert.All(Refusals.ByName.Values, kind =>
        {
            Assert.Matches("^[a-z]+(-[a-z]+)*$", kind.Name);
            Assert.InRange(kind.Status, 400, 503);
            Assert.EndsWith(".", kind.Title, StringComparison.Ordinal);
            Assert.EndsWith(".", kind.Meaning, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(400, "malformed-request")]
    [InlineData(405, "method-not-allowed")]
    [InlineData(408, "request-timeout")]
    [InlineData(411, "malformed-request")]
    [InlineData(413, "payload-too-large")]
    [InlineData(414, "address-too-long")]
    [InlineData(431, "headers-too-large")]
    public void A_request_that_the_framework_refuses_has_a_problem_of_its_status(int status, string name)
    {
        var kind = Refusals.OfBadRequest(status);

        Assert.Equal(name, kind.Name);
        Assert.True(kind.Status == status || kind == Refusals.MalformedRequest);
    }
}
