using System.CommandLine;

namespace Doorbuster.Cli.Commands;

/// <summary><c>sale</c>: an operator's calls on sales.</summary>
internal static class SaleCommand
{
    /// <summary>The verb, with its own verbs under it.</summary>
    public static Command Create() => new("sale", "Creates, shows and changes sales.")
    {
        SaleCreateCommand.Create(),
        SaleListCommand.Create(),
        SaleShowCommand.Create(),
        SaleTurnCommand.CreatePause(),
        SaleTurnCommand.CreateResume(),
        SaleTurnCommand.CreateClose(),
        SaleReplenishCommand.Create(),
    };
}
