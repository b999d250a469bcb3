using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Packages;

/// <summary>A package, opened as the archive that it is.</summary>
internal sealed class PackageFile(string path) : IDisposable
{
    /// <summary>The kind of debug information that says where the sources are (Portable PDB, Source Link).</summary>
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly ZipArchive _archive = ZipFile.OpenRead(path);

    /// <summary>What it says of itself.</summary>
    public XElement Metadata
    {
        get
        {
            var manifest = _archive.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal));
            using var stream = manifest.Open();
            return XElement.Load(stream).Elements().Single();
        }
    }

    /// <summary>A field of what it says of itself.</summary>
    public XElement? Field(string name) => Metadata.Elements().SingleOrDefault(field => field.Name.LocalName == name);

    /// <summary>A file as text.</summary>
    public string Text(string file) => Encoding.UTF8.GetString(Bytes(file));

    /// <summary>The debug information inside an assembly; it fails where there is none.</summary>
    public (string SourceLink, IReadOnlyList<string> Documents) Symbols(string assembly)
    {
        using var image = new PEReader([.. Bytes(assembly)]);
        var entries = image.ReadDebugDirectory();
        Assert.Contains(entries, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        var embedded = entries.Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var symbols = provider.GetMetadataReader();
        var link = symbols.CustomDebugInformation.Select(symbols.GetCustomDebugInformation)
            .Single(information => symbols.GetGuid(information.Kind) == SourceLink);
        return (
            Encoding.UTF8.GetString(symbols.GetBlobBytes(link.Value)),
            [.. symbols.Documents.Select(symbols.GetDocument).Select(document => symbols.GetString(document.Name))]);
    }

    public void Dispose() => _archive.Dispose();

    private byte[] Bytes(string file)
    {
        var entry = _archive.GetEntry(file);
        Assert.True(entry is not null, $"{path} has no {file}, only {string.Join(", ", _archive.Entries)}.");
        using var stream = entry.Open();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
