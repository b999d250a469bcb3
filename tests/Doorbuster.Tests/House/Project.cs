using System.Xml.Linq;

namespace Doorbuster.Tests.House;

/// <summary>A project: where it lies, and the projects, packages and analyzer files it names.</summary>
internal sealed record Project(string Path)
{
    public IReadOnlyList<string> References { get; init; } = [];

    public IReadOnlyList<string> Packages { get; init; } = [];

    public IReadOnlyList<string> AnalyzerFiles { get; init; } = [];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsUnder(string folder) => Path.StartsWith($"{folder}/", StringComparison.Ordinal);

    public static Project Parse(string path, string xml)
    {
        var root = XElement.Parse(xml);
        return new Project(path)
        {
            References = [.. Included("ProjectReference").Select(System.IO.Path.GetFileNameWithoutExtension)!],
            Packages = [.. Included("PackageReference")],
            AnalyzerFiles = [.. Included("AdditionalFiles")],
        };

        IEnumerable<string> Included(string item) =>
            from element in root.Descendants(item)
            let include = (string?)element.Attribute("Include")
            where include is not null
            select include.Replace('\\', '/');
    }
}
