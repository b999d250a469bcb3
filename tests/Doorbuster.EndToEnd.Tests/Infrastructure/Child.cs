using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A process that a test has started. It is ended by its own id, at the latest when it is disposed, and with it nothing
/// else.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigContinue = 18;
    public const int SigStop = 19;

    private static readonly string[] Foreign =
        ["Doorbuster__", "DOORBUSTER_", "ASPNETCORE_", "Kestrel__", "Logging__", "MSBuild", "OTEL_"];

    private readonly Process _process;
    private readonly Stream _output = new();
    private readonly Stream _errors = new();

    private Child(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>How many threads it has.</summary>
    public int Threads
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.Threads.Count;
        }
    }

    /// <summary>What it has written to standard output so far.</summary>
    public string Output => _output.ToString();

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors => _errors.ToString();

    /// <summary>
    /// Starts a process with nothing of this one's settings in its environment but what is named here.
    /// </summary>
    public static Child Start(
        string file,
        IEnumerable<string> arguments,
        string workingDirectory,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var child = new Child(Process.Start(start)!);
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited && kill(_process.Id, signal) != 0 && !_process.HasExited)
        {
            throw new InvalidOperationException(
                $"kill({_process.Id}, {signal}): error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Waits until it has ended and all that it wrote has been read.</summary>
    /// <returns>Its exit code; 128 and the signal's number where one ended it.</returns>
    public async Task<int> ExitAsync(TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Waiting.Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException timeout)
        {
            throw new TimeoutException(
                $"Process {_process.Id} did not end:\n{ProcessTree.Describe(_process.Id)}{this}", timeout);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Signal(SigKill);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public override string ToString() => $"Standard output:\n{Output}\nStandard error:\n{Errors}";

    private static bool IsForeign(string name) =>
        Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int processId, int signal);

    /// <summary>Lines, as one thread reads them and another asks for them.</summary>
    private sealed class Stream
    {
        private readonly StringBuilder _text = new();

        public void Add(string? line)
        {
            lock (_text)
            {
                _text.Append(line).Append(line is null ? "" : "\n");
            }
        }

        public override string ToString()
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }
}
