using System.Security.Cryptography;
using System.Text;
using Doorbuster.Conformance;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Payments;

/// <summary>Standard Webhooks: who knows the key is believed, for five minutes, and nobody else.</summary>
public sealed class WebhookKeyTests
{
    private const string Id = "msg_1";

    private static readonly DateTimeOffset Now = Samples.Noon;
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"type":"payment.captured"}""");
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("a key of thirty-two bytes, no more");
    private static readonly byte[] OtherKey = Encoding.ASCII.GetBytes("a key that only the last year knew");
    private static readonly WebhookKeys Keys = new([Key]);

    private static string Timestamp => WebhookKeys.TimestampOf(Now);

    private static string Signature => Keys.Sign(Id, Now, Body);

    [Fact]
    public void The_signature_is_the_one_that_the_standard_describes()
    {
        // The message that the standard's own libraries are tested with.
        Assert.True(WebhookKeys.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var key));

        var signature = new WebhookKeys([key]).Sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            DateTimeOffset.FromUnixTimeSeconds(1614265330),
            """{"test": 2432232314}"""u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void It_is_an_hmac_over_id_time_and_body()
    {
        var signed = Encoding.ASCII.GetBytes($"{Id}.{Now.ToUnixTimeSeconds()}.").Concat(Body).ToArray();

        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(Key, signed))}", Signature);
    }

    [Fact]
    public void What_is_signed_is_genuine() =>
        Assert.Equal(WebhookCheck.Genuine, Keys.Check(Id, Timestamp, Signature, Body, Now));

    [Fact]
    public void An_empty_body_is_signed_like_any_other() =>
        Assert.Equal(WebhookCheck.Genuine, Keys.Check(Id, Timestamp, Keys.Sign(Id, Now, []), [], Now));

    [Theory]
    [InlineData(-300_000, WebhookCheck.Genuine)]
    [InlineData(-300_001, WebhookCheck.Stale)]
    [InlineData(300_000, WebhookCheck.Genuine)]
    [InlineData(300_001, WebhookCheck.Stale)]
    public void A_message_is_believed_for_five_minutes_and_five_ahead(int milliseconds, WebhookCheck found) =>
        Assert.Equal(found, Keys.Check(Id, Timestamp, Signature, Body, Now.AddMilliseconds(milliseconds)));

    [Fact]
    public void A_change_of_anything_signed_is_seen()
    {
        var later = WebhookKeys.TimestampOf(Now.AddSeconds(1));
        byte[] longer = [.. Body, (byte)' '];

        Assert.Equal(WebhookCheck.Forged, Keys.Check("msg_2", Timestamp, Signature, Body, Now));
        Assert.Equal(WebhookCheck.Forged, Keys.Check(Id, later, Signature, Body, Now));
        Assert.Equal(WebhookCheck.Forged, Keys.Check(Id, Timestamp, Signature, longer, Now));
        Assert.Equal(WebhookCheck.Forged, Keys.Check(Id, $"0{Timestamp}", Signature, Body, Now));
        Assert.Equal(WebhookCheck.Forged, new WebhookKeys([OtherKey]).Check(Id, Timestamp, Signature, Body, Now));
        Assert.Equal(WebhookCheck.Forged, new WebhookKeys([]).Check(Id, Timestamp, Signature, Body, Now));
    }

    [Fact]
    public void Each_bit_of_a_signature_counts()
    {
        var bytes = Convert.FromBase64String(Signature[3..]);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal(
                WebhookCheck.Forged,
                Keys.Check(Id, Timestamp, $"v1,{Convert.ToBase64String(changed)}", Body, Now));
        }
    }

    [Fact]
    public void While_keys_are_rotated_either_is_enough()
    {
        var rotating = new WebhookKeys([Key, OtherKey]);
        var old = new WebhookKeys([OtherKey]);

        Assert.Equal(2, rotating.Sign(Id, Now, Body).Split(' ').Length);
        Assert.Equal(WebhookCheck.Genuine, rotating.Check(Id, Timestamp, Signature, Body, Now));
        Assert.Equal(WebhookCheck.Genuine, rotating.Check(Id, Timestamp, old.Sign(Id, Now, Body), Body, Now));
        Assert.Equal(WebhookCheck.Genuine, old.Check(Id, Timestamp, rotating.Sign(Id, Now, Body), Body, Now));
        Assert.Equal(WebhookCheck.Genuine, Keys.Check(Id, Timestamp, rotating.Sign(Id, Now, Body), Body, Now));
    }

    [Theory]
    [InlineData("v1a,{0} v1,{1}")]
    [InlineData("v1, v1,{1}")]
    [InlineData("v1,{1} v2,x")]
    [InlineData(" v1,{1} ")]
    [InlineData("v1,{0} v1,{0} v1,{1}")]
    public void Signatures_of_others_stand_beside_ours(string form)
    {
        var others = Convert.ToBase64String(new byte[32]);
        var header = string.Format(null, form, others, Signature[3..]);

        Assert.Equal(WebhookCheck.Genuine, Keys.Check(Id, Timestamp, header, Body, Now));
    }

    [Theory]
    [InlineData("{1}")]
    [InlineData("V1,{1}")]
    [InlineData("v1={1}")]
    [InlineData("v1a,{1}")]
    [InlineData("v1,{1}=")]
    [InlineData("v1,{1},v1,{1}")]
    [InlineData("v1, {1}")]
    [InlineData("v1,AAAA")]
    public void Another_form_of_signature_is_none(string form)
    {
        var header = string.Format(null, form, null, Signature[3..]);

        Assert.Equal(WebhookCheck.Forged, Keys.Check(Id, Timestamp, header, Body, Now));
    }

    [Fact]
    public void A_message_without_all_three_headers_is_incomplete()
    {
        Assert.Equal(WebhookCheck.Incomplete, Keys.Check(null, Timestamp, Signature, Body, Now));
        Assert.Equal(WebhookCheck.Incomplete, Keys.Check(Id, null, Signature, Body, Now));
        Assert.Equal(WebhookCheck.Incomplete, Keys.Check(Id, Timestamp, null, Body, Now));
        Assert.Equal(WebhookCheck.Incomplete, Keys.Check("", "", "", Body, Now));
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public void A_name_that_could_be_taken_for_something_else_is_none(string id) =>
        Assert.Equal(WebhookCheck.Incomplete, Keys.Check(id, Timestamp, Keys.Sign(id, Now, Body), Body, Now));

    [Theory]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.5")]
    [InlineData("1e9")]
    [InlineData("0x1")]
    [InlineData("9999999999999")]
    [InlineData("99999999999999999999999")]
    public void A_time_that_is_no_number_of_seconds_is_none(string timestamp) =>
        Assert.Equal(WebhookCheck.Incomplete, Keys.Check(Id, timestamp, Signature, Body, Now));

    [Fact]
    public void What_is_too_long_is_not_looked_at()
    {
        var padded = string.Concat(Enumerable.Repeat("v9,x ", 500)) + Signature;

        Assert.Equal(WebhookCheck.Incomplete, Keys.Check(Id, Timestamp, padded, Body, Now));
        Assert.Equal(WebhookCheck.Incomplete, Keys.Check(new string('a', 257), Timestamp, Signature, Body, Now));
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(23, false)]
    [InlineData(65, false)]
    public void A_key_has_24_to_64_bytes(int bytes, bool isKey)
    {
        var text = $"whsec_{Convert.ToBase64String(new byte[bytes])}";

        Assert.Equal(isKey, WebhookKeys.TryParse(text, out var key));
        Assert.Equal(isKey ? bytes : null, key?.Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS*")]
    [InlineData("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Another_form_of_key_is_none(string? text) => Assert.False(WebhookKeys.TryParse(text, out _));

    [Fact]
    public void There_are_only_so_many_keys() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new WebhookKeys([.. Enumerable.Repeat(Key, WebhookKeys.MaxKeys + 1)]));
}
