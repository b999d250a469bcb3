using Doorbuster.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Doorbuster.Server.Tests.Endpoints;

/// <summary>Prefer: wait=N, as RFC 7240 has it.</summary>
public sealed class WaitPreferenceTests
{
    [Theory]
    [InlineData(0, "wait=0")]
    [InlineData(2, "wait=2")]
    [InlineData(10, "wait=10")]
    [InlineData(2, "Wait = 2")]
    [InlineData(2, "wait=\"2\"")]
    [InlineData(2, "respond-async, wait=2")]
    [InlineData(2, "wait=2; strict; by=\"us\"")]
    [InlineData(2, "return=minimal", "wait=2")]
    [InlineData(2, "wait=2", "wait=3")]
    [InlineData(2, "wait=2, wait=3")]
    public void A_wait_that_can_be_kept_is_read(int seconds, params string[] header) =>
        Assert.Equal(seconds, WaitPreference.Read(header));

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("respond-async")]
    [InlineData("wait")]
    [InlineData("wait=")]
    [InlineData("wait=11")]
    [InlineData("wait=-1")]
    [InlineData("wait=1.5")]
    [InlineData("wait=99999999999999")]
    [InlineData("wait=\"")]
    [InlineData("wait=soon")]
    [InlineData("await=2")]
    [InlineData("x=wait=2")]
    [InlineData("wait=11, wait=2")]
    public void Any_other_is_ignored(params string[] header) => Assert.Null(WaitPreference.Read(header));

    [Fact]
    public void What_is_kept_is_said_and_nothing_else()
    {
        var asked = new DefaultHttpContext();
        asked.Request.Headers["Prefer"] = "respond-async, WAIT=\"7\"";
        var silent = new DefaultHttpContext();

        WaitPreference.Acknowledge(asked);
        WaitPreference.Acknowledge(silent);

        Assert.Equal("wait=7", asked.Response.Headers["Preference-Applied"]);
        Assert.Empty(silent.Response.Headers);
    }
}
