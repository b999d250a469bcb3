using Doorbuster.EndToEnd.Tests.Infrastructure;
using Doorbuster.EndToEnd.Tests.Packages;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Services;

/// <summary>The test command itself, in a folder of its own: it says what is missing, and counts only what really ran.
/// </summary>
public sealed class TestScriptTests : IDisposable
{
    /// <summary>What the script itself is made of.</summary>
    private static readonly string[] Parts =
    [
        "awk", "cat", "cmp", "cut", "date", "dirname", "env", "grep", "head", "id", "mkdir", "rm", "sed", "sleep",
        "sort", "tail", "timeout",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("doorbuster-script-").FullName;

    public TestScriptTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "eng"));
        Directory.CreateDirectory(Tools);
        foreach (var script in new[] { "eng/test.sh", "eng/packages.sh" })
        {
            File.Copy(Path.Combine(SourceTree.Root, script), Path.Combine(_folder, script));
        }
    }

    private string Tools => Path.Combine(_folder, "tools");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_missing_is_named_with_how_to_get_it_and_nothing_is_installed()
    {
        foreach (var part in Parts)
        {
            var program = new[] { "/usr/bin", "/bin" }.Select(folder => Path.Combine(folder, part)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(Tools, part), program);
        }

        foreach (var installer in new[] { "apt-get", "npm" })
        {
            Write(installer, "touch \"$(dirname \"$0\")/installed\"");
        }

        var (code, said) = await RunAsync(Tools);

        Assert.Equal(1, code);
        Assert.Contains("missing: dotnet, the .NET SDK 10", said, StringComparison.Ordinal);
        Assert.Contains("missing: strace, for ", said, StringComparison.Ordinal);
        Assert.Contains("bash eng/test.sh --install, or apt-get install redis-server", said, StringComparison.Ordinal);
        Assert.Contains("missing: web/node_modules, for the tests of the pages: ", said, StringComparison.Ordinal);
        Assert.Equal("0 passed, 1 failed", LastLine(said));
        Assert.False(File.Exists(Path.Combine(Tools, "installed")));
    }

    [Fact]
    public async Task A_suite_that_runs_no_test_has_failed_whatever_its_exit_code()
    {
        Write("dotnet", "[ \"$1\" != --version ] || echo 10.0.100");
        var modules = Directory.CreateDirectory(Path.Combine(_folder, "web/node_modules")).FullName;
        File.WriteAllText(Path.Combine(_folder, "web/package-lock.json"), "{}");
        File.WriteAllText(Path.Combine(modules, ".installed-lock.json"), "{}");

        var (code, said) = await RunAsync($"{Tools}:{Environment.GetEnvironmentVariable("PATH")}");

        Assert.Equal(1, code);
        Assert.Contains("rules: 0 passed, 1 failed", said, StringComparison.Ordinal);
        Assert.Contains("it ended with exit code 0 before its tests did", said, StringComparison.Ordinal);
        Assert.Contains("chaos: 0 passed, 1 failed", said, StringComparison.Ordinal);
        Assert.Matches("^0 passed, [1-9][0-9]* failed$", LastLine(said));
    }

    [Fact]
    public async Task Wrong_usage_is_answered_with_the_usage()
    {
        var (code, said) = await RunAsync(Environment.GetEnvironmentVariable("PATH")!, "--quick");

        Assert.Equal((2, "usage: bash eng/test.sh [--install]"), (code, LastLine(said)));
    }

    private static string LastLine(string said) => said.TrimEnd().Split('\n')[^1];

    private void Write(string tool, string script)
    {
        var path = Path.Combine(Tools, tool);
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
    }

    private async Task<(int Code, string Said)> RunAsync(string path, params string[] arguments)
    {
        await using var script = Child.Start(
            "/bin/bash", ["eng/test.sh", .. arguments], _folder, new Dictionary<string, string> { ["PATH"] = path });
        var code = await script.ExitAsync(TimeSpan.FromMinutes(2));
        return (code, script.Output + script.Errors);
    }
}
