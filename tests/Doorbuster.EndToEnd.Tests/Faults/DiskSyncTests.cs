using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>What the operating system is asked to do between a claim and its answer.</summary>
public sealed class DiskSyncTests
{
    [Fact]
    public async Task The_log_is_synced_to_disk_after_a_claim_came_and_before_it_is_answered()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path));
        var sale = await server.CreateSaleAsync(new Terms(2));
        var anna = server.Buyer("anna");
        await anna.TokenAsync(sale);
        var file = Path.Combine(data.Path, "trace");
        await using var tracer = await Tracer.AttachAsync(
            server.ProcessId,
            "--decode-fds=path",
            "--string-limit=80",
            "--trace=recvfrom,recvmsg,read,pwrite64,write,fdatasync,fsync,sendto,sendmsg",
            $"--output={file}");

        (await anna.ClaimAsync(sale)).Is(201);

        await tracer.DetachAsync();
        var lines = await File.ReadAllLinesAsync(file);
        var calls = SystemCallTrace.Read(lines);
        var text = string.Join('\n', lines);
        var request = Assert.Single(calls, call => Has(call, $"\"POST /v1/sales/{sale}/orders"));
        var answer = Assert.Single(calls, call => Has(call, "\"HTTP/1.1 201"));
        var log = calls.Where(call => Has(call, "doorbuster.db-wal>")
            && call.Began > request.Ended && call.Began < answer.Began).ToList();
        var lastWrite = log.FindLast(call => call.Name == "pwrite64");
        var lastSync = log.FindLast(call => call.Name is "fdatasync" or "fsync");

        Assert.True(lastWrite is not null, $"The log was not written.\n{text}");
        Assert.True(lastSync?.Began > lastWrite.Ended, $"The last write was not synced.\n{text}");
        Assert.EndsWith("= 0", lastSync.Text, StringComparison.Ordinal);
        Assert.True(lastSync.Ended < answer.Began, $"Answered before the sync had ended.\n{text}");

    }

    [Fact]
    public async Task What_a_start_makes_has_its_name_on_disk_too()
    {
        using var data = new DataDirectory();
        var shop = Path.Combine(data.Path, "a", "shop");
        var file = Path.Combine(data.Path, "trace");

        // With keys of its own making it may not listen here: it ends by itself, after all has been made.
        await using var strace = Child.Start(
            "strace",
            [
                "--follow-forks", "--decode-fds=path", "--trace=mkdir,rename,link,fsync", $"--output={file}",
                .. Executable.CommandLine("serve", "--urls", $"http://*:{Loopback.NextPort()}", "--data", shop),
            ],
            data.Path);
        Assert.True(await strace.ExitAsync() == 1, strace.ToString());

        var lines = await File.ReadAllLinesAsync(file);
        var calls = SystemCallTrace.Read(lines);
        AssertSynced(call => call.Name == "mkdir" && Has(call, $"{data.Path}/a\""), data.Path);
        AssertSynced(call => call.Name == "mkdir" && Has(call, $"{shop}\""), Path.Combine(data.Path, "a"));
        AssertSynced(call => Has(call, $"{shop}/signing-key\"") && call.Name is "rename" or "link", shop);

        void AssertSynced(Func<SystemCall, bool> isChange, string directory)
        {
            var change = calls.Single(isChange);
            Assert.True(
                calls.Any(call => call.Name == "fsync" && Has(call, $"<{directory}>") && call.Began > change.Ended),
                $"{change.Text} was not followed by a sync of {directory}.\n{string.Join('\n', lines)}");
        }
    }

    private static bool Has(SystemCall call, string part) => call.Text.Contains(part, StringComparison.Ordinal);
}
