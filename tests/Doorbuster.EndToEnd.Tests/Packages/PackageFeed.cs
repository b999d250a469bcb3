using System.Reflection;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Packages;

/// <summary>
/// Our packages as <c>dotnet pack</c> makes them, in a folder that NuGet takes them from. What is restored from it is
/// unpacked into a folder of this fixture's own; the machine's folder gives the packages of others.
/// </summary>
public sealed class PackageFeed : IAsyncLifetime
{
    /// <summary>A version that no one publishes, so that nothing else can be taken for ours.</summary>
    public const string Version = "0.1.0-test";

    private readonly DataDirectory _data = new();

    /// <summary>Where what is made from the packages may lie; its NuGet.config knows the feed.</summary>
    internal string Workshop => _data.Path;

    private string Feed => Path.Combine(_data.Path, "feed");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Feed);
        await File.WriteAllTextAsync(Path.Combine(_data.Path, "NuGet.config"), await NuGetConfigAsync());
        await DotnetAsync(
            SourceTree.Root,
            ["pack", "Doorbuster.slnx", "-c", "Release", "-m:1", "--version-suffix", "test", "-o", Feed, .. Built]);
    }

    /// <summary>The file of a package.</summary>
    internal string PathOf(string package) => Path.Combine(Feed, $"{package}.{Version}.nupkg");

    /// <summary>Every package that was made.</summary>
    internal IEnumerable<string> Files => Directory.EnumerateFiles(Feed).Select(Path.GetFileName)!;

    /// <summary>
    /// Runs the SDK, which must succeed, without a build server that outlives it. Builds run in one process, by
    /// <c>-m:1</c>, which takes as long: without it a pack of four seconds once wrote nothing in ten minutes.
    /// </summary>
    /// <returns>What it wrote to standard output.</returns>
    internal static async Task<string> DotnetAsync(string directory, params IReadOnlyList<string> arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
        };
        await using var child = Child.Start(Executable.Dotnet, arguments, directory, environment);
        var exitCode = await child.ExitAsync(Waiting.PatienceWithBuilds);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {exitCode}. {child}");
        return child.Output;
    }

    public ValueTask DisposeAsync()
    {
        _data.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Where these tests were built in Release, everything else was too.</summary>
    private static string[] Built =>
        typeof(PackageFeed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration == "Release"
            ? ["--no-build"]
            : [];

    private static async Task<string> NuGetConfigAsync()
    {
        const string Label = "global-packages: ";
        var told = await DotnetAsync(SourceTree.Root, "nuget", "locals", "global-packages", "--list");
        var machine = told.Split('\n').First(line => line.StartsWith(Label, StringComparison.Ordinal))[Label.Length..];
        return $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><add key="machine" value="{machine.Trim()}" /></fallbackPackageFolders>
              <packageSources><add key="feed" value="feed" /></packageSources>
            </configuration>
            """;
    }
}

/// <summary>The tests that share one feed.</summary>
[CollectionDefinition]
public sealed class OfPackages : ICollectionFixture<PackageFeed>;
