using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Cli.Hosting;

namespace Doorbuster.Cli.Identity;

/// <summary>Finds the key of a server, to sign tokens that it accepts: who has it can say who anyone is.</summary>
internal static class Signer
{
    private const string KeyFileName = "signing-key";

    /// <summary>
    /// The minter of a server: with the key in its data directory where that is named and holds one, else with the key
    /// of the settings, as the server itself would choose.
    /// </summary>
    /// <param name="dataDirectory">The data directory that the command line names, or nothing.</param>
    /// <exception cref="CommandException">There is no key, or it cannot be read.</exception>
    public static TokenMinter Find(string? dataDirectory)
    {
        try
        {
            return TokenMinter.For(Options(dataDirectory), TimeProvider.System);
        }
        catch (InvalidSettingsException failure)
        {
            throw CommandException.Failed(failure.Message, failure);
        }
    }

    private static DoorbusterOptions Options(string? dataDirectory)
    {
        var settings = ServerSettings.Data(dataDirectory);
        if (dataDirectory is not null && File.Exists(KeyFile(dataDirectory)))
        {
            ServerSettings.UnsetIdentity(settings);
        }

        var options = DoorbusterOptions.Read(ServerSettings.CreateBuilder(settings).Configuration);
        var needsFile = options.Identity is { Authority: null, SigningKey: null };

        // The minter would make a key where there is none; but a key that no server has seen signs nothing of use.
        return needsFile && !File.Exists(KeyFile(options.DataDirectory))
            ? throw CommandException.Failed(
                $"There is no signing key at {KeyFile(options.DataDirectory)}. 'doorbuster serve' makes one when it "
                + "first starts on a data directory; name that directory with --data.")
            : options;
    }

    private static string KeyFile(string directory) => Path.GetFullPath(Path.Combine(directory, KeyFileName));
}
