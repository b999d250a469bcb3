namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>A directory of a test's own, which goes with the test.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("doorbuster-e2e-");

    public string Path => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);
}
