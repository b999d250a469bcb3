using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>A small file system of its own, which a ballast fills to the last byte.</summary>
internal sealed class Tmpfs : IAsyncDisposable
{
    private readonly DataDirectory _place;

    private Tmpfs(DataDirectory place) => _place = place;

    public string Path => _place.Path;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static async Task<Tmpfs> MountAsync(int megabytes)
    {
        var place = new DataDirectory();
        var (exitCode, said) = await RunAsync(
            "mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "tmpfs", place.Path);
        if (exitCode != 0)
        {
            place.Dispose();
            Assert.Fail($"A tmpfs cannot be mounted; this test needs root and a kernel that lets it mount. {said}");
        }

        return new Tmpfs(place);
    }

    /// <summary>Fills what is free, down to the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in new[] { 1 << 20, 1 << 12, 1 })
        {
            var piece = new byte[size];
            try
            {
                while (true)
                {
                    file.Write(piece);
                }
            }
            catch (IOException)
            {
                // Full for pieces of this size; smaller ones may still fit.
            }
        }
    }

    /// <summary>Makes room again.</summary>
    public void Empty() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", Path);
        _place.Dispose();
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(string command, params string[] arguments)
    {
        await using var child = Child.Start(command, arguments, "/");
        return (await child.ExitAsync(), child.ToString());
    }
}
