using System.CommandLine;
using System.Text.Json;
using Doorbuster.Cli.Api;
using Doorbuster.Cli.Reporting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>audit</c>: asks the server to compare its ends against the law; exits 0 where it holds, 1 where not.
/// </summary>
internal static class AuditCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var server = new ServerOptions();
        var sale = OptionKinds.Sale("--sale", "Which sale");
        sale.Required = true;
        var json = new Option<bool>("--json") { Description = "Print the audit as one line of JSON" };
        var repair = new Option<bool>("--repair")
        {
            Description = "Bring the gate back to what the order store says, where they differ",
        };
        var command = new Command("audit", "Compares gate and order store against the law: exit 0 where it holds.")
        {
            sale, json, repair,
        };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var access = server.Read(parsed);
            using var api = new SalesApi(access.Server, access.OperatorToken());
            var answer = parsed.GetValue(repair)
                ? await api.RepairAsync(parsed.GetValue(sale)!, cancellationToken)
                : await api.AuditAsync(parsed.GetValue(sale)!, cancellationToken);
            var audit = answer.Deserialize(ApiJson.Default.AuditView)!;
            if (parsed.GetValue(json))
            {
                JsonLine.Write(answer);
            }
            else
            {
                AuditText.Write(parsed.GetValue(sale)!, audit);
            }

            return audit.LawHolds ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
