using System.CommandLine;
using Doorbuster.Cli.Identity;

namespace Doorbuster.Cli.Commands;

/// <summary><c>token</c>: prints a JWT signed with the server's key.</summary>
internal static class TokenCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var buyer = OptionKinds.Buyer("--buyer", "The buyer whom it names");
        var isOperator = new Option<bool>("--operator") { Description = "It names an operator" };
        var data = OptionKinds.DataDirectory("The server's data directory, which holds its signing key");
        var command = new Command("token", "Prints a JWT from the server's signing key, for development and tests.")
        {
            buyer, isOperator, data,
        };
        command.SetAction(parsed =>
        {
            var id = parsed.GetValue(buyer);
            RefuseUnclear(id, parsed.GetValue(isOperator));
            var tokens = Signer.Find(parsed.GetValue(data));
            Console.Out.WriteLine(id is null ? tokens.ForOperator() : tokens.ForBuyer(BuyerId.Parse(id)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void RefuseUnclear(string? buyer, bool isOperator)
    {
        if (buyer is null != isOperator)
        {
            throw CommandException.Usage(
                "A token names either a buyer or an operator. Give one of --buyer ID and --operator.");
        }
    }
}
