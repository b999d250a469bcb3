using System.Text.Json;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>What an operator's audit of a sale says.</summary>
internal sealed record Audit(
    long Quantity,
    long Available,
    long Reserved,
    long Sold,
    long Queued,
    long? GateAvailable,
    long Epoch,
    bool LawHolds)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Audits once gate and store have as much: units come back in the store before a shared gate.</summary>
    public static async Task<Audit> AtRestAsync(Api api, string sale)
    {
        await Waiting.UntilAsync("gate and store have as much", async () =>
        {
            var (_, audit) = await ReadAsync(api, sale);
            return audit.Available == audit.GateAvailable;
        });
        return await OfAsync(api, sale);
    }

    /// <summary>Audits a sale; the law must hold, as the server says it and as the figures spell it.</summary>
    public static async Task<Audit> OfAsync(Api api, string sale)
    {
        var (answer, audit) = await ReadAsync(api, sale);
        Assert.True(audit.LawHolds, $"The law is broken. {answer}");
        Assert.Equal(0, answer.Json.GetProperty("differences").GetArrayLength());
        Assert.Equal(audit.Quantity, audit.Available + audit.Reserved + audit.Sold);
        Assert.Equal(audit.Available, audit.GateAvailable);
        return audit;
    }

    private static async Task<(Answer Answer, Audit Audit)> ReadAsync(Api api, string sale)
    {
        var answer = (await api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator())).Is(200);
        return (answer, answer.Json.Deserialize<Audit>(Web)!);
    }
}
