using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.Cli.Hosting;

/// <summary>
/// Where settings come from: <c>appsettings.json</c>, the environment, and the command line, the later winning. What
/// the command line does not say is left to the others.
/// </summary>
internal static class ServerSettings
{
    private const string Identity = $"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Identity)}";

    private const string Payments = $"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Payments)}";

    /// <summary>A server about to be built, with all its settings.</summary>
    /// <param name="options">What the command line says, by the names of settings.</param>
    /// <exception cref="CommandException">The file of settings is not JSON.</exception>
    public static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> options)
    {
        try
        {
            // Settings are read once, at start; watching the file would only spend one of the user's inotify instances.
            var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
            builder.Configuration.AddInMemoryCollection(options);
            return builder;
        }
        catch (InvalidDataException failure)
        {
            throw CommandException.Failed(
                $"{failure.Message} {failure.InnerException?.Message} Mend the file.", failure);
        }
    }

    /// <summary>The settings of <c>serve</c>.</summary>
    /// <param name="urls">Where to listen, or nothing for the settings' own.</param>
    /// <param name="dataDirectory">The data directory, or nothing for the settings' own.</param>
    /// <param name="waitForLock">Whether to wait for another process to give the order store up.</param>
    /// <param name="roles">What the node does, or nothing for the settings' own.</param>
    public static Dictionary<string, string?> Serve(
        string? urls, string? dataDirectory, bool waitForLock, string? roles)
    {
        var settings = Data(dataDirectory);
        if (urls is not null)
        {
            settings[WebHostDefaults.ServerUrlsKey] = urls;
        }

        if (roles is not null)
        {
            settings[$"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Roles)}"] = roles;
        }

        if (waitForLock)
        {
            settings[$"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.WaitForLock)}"] = "true";
        }

        return settings;
    }

    /// <summary>
    /// The settings of the server that <c>demo</c> embeds: a free port of loopback, guests, and a key and a
    /// store of its own whatever the surroundings say of others.
    /// </summary>
    /// <param name="dataDirectory">Its temporary directory.</param>
    public static Dictionary<string, string?> Demo(string dataDirectory)
    {
        var settings = Data(dataDirectory);
        UnsetIdentity(settings);
        settings["ConnectionStrings:Sqlite"] = "";
        settings[$"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Gate)}"] = "memory";
        settings[$"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Store)}"] = "sqlite";
        settings[$"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Queue)}"] = "none";
        settings[$"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Roles)}"] = "both";
        settings[WebHostDefaults.ServerUrlsKey] = "http://127.0.0.1:0";
        settings[$"{Identity}:{nameof(IdentityOptions.Guests)}"] = "true";
        settings[$"{Payments}:{nameof(PaymentOptions.Provider)}"] = "sandbox";
        settings[$"{Payments}:{nameof(PaymentOptions.Url)}"] = "";
        return settings;
    }

    /// <summary>The setting of the data directory alone.</summary>
    public static Dictionary<string, string?> Data(string? dataDirectory) => dataDirectory is null
        ? []
        : new() { [$"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.DataDirectory)}"] = dataDirectory };

    /// <summary>Leaves the key in the data directory as the only one; an empty text unsets.</summary>
    public static void UnsetIdentity(Dictionary<string, string?> settings)
    {
        settings[$"{Identity}:{nameof(IdentityOptions.Authority)}"] = "";
        settings[$"{Identity}:{nameof(IdentityOptions.SigningKey)}"] = "";
    }
}
