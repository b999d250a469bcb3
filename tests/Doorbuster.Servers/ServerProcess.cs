using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Doorbuster.Servers;

/// <summary>
/// A server of a test, as a process that ends with the test's own: a shell watches over it and ends it, by its id,
/// once the pipe between us closes, however that comes.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The signal that ends a process at once.</summary>
    public const int SigKill = 9;

    /// <summary>The signal that holds a process.</summary>
    public const int SigStop = 19;

    /// <summary>The signal that lets it go on.</summary>
    public const int SigContinue = 18;

    private const string Watch =
        """
        log=$1; shift
        "$@" >>"$log" 2>&1 & child=$!
        echo $child; cat >/dev/null
        { kill -9 $child; wait $child; } 2>/dev/null
        """;

    private readonly Process _watch;

    private ServerProcess(Process watch, int id)
    {
        _watch = watch;
        Id = id;
    }

    /// <summary>The server's process id.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => kill(Id, 0) != 0 || IsZombie(Id);

    /// <summary>Starts a server.</summary>
    /// <param name="folder">Its working folder, which every user may enter.</param>
    /// <param name="log">The file to which what it says is appended.</param>
    /// <param name="command">The program with its arguments.</param>
    public static async Task<ServerProcess> StartAsync(string folder, string log, params IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo("sh", ["-c", Watch, "watch", log, .. command])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var watch = Process.Start(start)!;
        var line = await watch.StandardOutput.ReadLineAsync();
        return new ServerProcess(watch, int.Parse(line!, CultureInfo.InvariantCulture));
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public static async Task<string> RunAsync(params IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{string.Join(' ', command)}: {await output}{await errors}");
    }

    /// <summary>Sends it a signal; one that has ended hears nothing.</summary>
    /// <param name="signal">The signal's number.</param>
    public void Signal(int signal) => _ = kill(Id, signal);

    /// <summary>Ends it at once, and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _watch.StandardInput.Close();
        await _watch.WaitForExitAsync();
        _watch.Dispose();
    }

    /// <summary>Its shell waits for the pipe before it buries it.</summary>
    private static bool IsZombie(int id)
    {
        try
        {
            var state = File.ReadAllText($"/proc/{id}/stat");
            return state[state.LastIndexOf(')') + 2] == 'Z';
        }
        catch (IOException)
        {
            return true;
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int processId, int signal);
}
