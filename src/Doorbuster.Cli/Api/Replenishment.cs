namespace Doorbuster.Cli.Api;

/// <summary>The body of <c>POST /v1/sales/{id}/replenish</c>; the server judges it.</summary>
/// <param name="Quantity">Units to add.</param>
/// <param name="RequestId">Names the request: sent again under the same one, the units are not added again.</param>
internal sealed record Replenishment(int Quantity, string RequestId);
