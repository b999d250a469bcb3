using System.Diagnostics;
using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>
/// PostgreSQL's naive way: a transaction a request, a conditional UPDATE of one row and an INSERT, 32 clients of
/// pgbench
/// and no web server at all, on a database of its own with its default, durable settings.
/// </summary>
internal sealed class PostgresFigure(ThroughputFigures throughput, BenchOptions options)
{
    private const int Clients = 32;

    private const string Schema =
        """
        CREATE TABLE sales (id bigint PRIMARY KEY, num bigint NOT NULL CHECK (num >= 0));
        CREATE TABLE orders (
            id bigserial PRIMARY KEY, sale bigint NOT NULL, buyer text NOT NULL,
            created timestamptz NOT NULL DEFAULT now());
        INSERT INTO sales VALUES (1, 1000000000);
        """;

    private const string Transaction =
        """
        \set buyer random(1, 1000000000)
        BEGIN;
        UPDATE sales SET num = num - 1 WHERE id = 1 AND num > 0;
        INSERT INTO orders (sale, buyer) VALUES (1, :buyer);
        COMMIT;
        """;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var server = await throughput.StartAsync();
        await using var postgres = await PostgresProcess.StartAsync();
        await postgres.RunAsync("psql", "-v", "ON_ERROR_STOP=1", "-q", "-c", Schema);
        return
        [
            await throughput.RatioAsync(
                "durable 201s a second ÷ PostgreSQL, a transaction a request", 20,
                () => throughput.ReserveAsync(server, sales: 1),
                () => TransactionsAsync(postgres)),
        ];
    }

    private async Task<double> TransactionsAsync(PostgresProcess postgres)
    {
        var script = postgres.Write("naive.sql", Transaction);
        var output = await postgres.RunAsync(
            "pgbench", "-n", "-M", "prepared", "-c", $"{Clients}", "-j", "2", "-T", $"{options.Seconds}", "-f", script);
        var line = output.Split('\n').First(l => l.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }
}

/// <summary>A PostgreSQL server over a new folder, on a socket in that folder, for as long as this lives.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _programs;

    private PostgresProcess(string folder, string programs)
    {
        _folder = folder;
        _programs = programs;
    }

    public static async Task<PostgresProcess> StartAsync()
    {
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";
        var folder = Directory.CreateTempSubdirectory("doorbuster-postgres-").FullName;
        var postgres = new PostgresProcess(folder, programs);
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            await ExecuteAsync("chown", "postgres", folder);
        }

        await postgres.RunAsync("initdb", "-D", $"{folder}/data", "-A", "trust", "-U", "postgres");
        await postgres.RunAsync(
            "pg_ctl", "-D", $"{folder}/data", "-w", "-l", $"{folder}/log",
            "-o", $"-k {folder} -c listen_addresses=", "start");
        return postgres;
    }

    /// <summary>How Npgsql reaches it.</summary>
    public string ConnectionString => $"Host={_folder};Username=postgres;Database=postgres";

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs one of PostgreSQL's programs against this server.</summary>
    public Task<string> RunAsync(string program, params string[] arguments)
    {
        string[] command = [$"{_programs}/{program}", .. arguments];
        string[] environment = ["env", $"PGHOST={_folder}", "PGUSER=postgres", "PGDATABASE=postgres"];
        return Environment.UserName == "root"
            ? ExecuteAsync("runuser", ["-u", "postgres", "--", .. environment, .. command])
            : ExecuteAsync(environment[0], [.. environment[1..], .. command]);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("pg_ctl", "-D", $"{_folder}/data", "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> ExecuteAsync(string program, params string[] arguments)
    {
        // The server inherits what pg_ctl has open: were that our pipe, reading would not end before the server does.
        var output = Path.GetTempFileName();
        var start = new ProcessStartInfo("sh") { WorkingDirectory = "/" };
        Array.ForEach(["-c", "exec \"$0\" \"$@\" >\"$OUTPUT\" 2>&1", program, .. arguments], start.ArgumentList.Add);
        start.Environment["OUTPUT"] = output;
        try
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync();
            var text = await File.ReadAllTextAsync(output);
            return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} failed: {text}");
        }
        finally
        {
            File.Delete(output);
        }
    }
}
