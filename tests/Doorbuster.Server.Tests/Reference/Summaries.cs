using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Doorbuster.Server.Tests.Reference;

/// <summary>The summaries of documentation comments, as Markdown on one line.</summary>
internal static partial class Summaries
{
    /// <summary>A type's summary.</summary>
    public static string Of(Type type) => Find(type, $"T:{type.FullName}");

    /// <summary>A property's summary.</summary>
    public static string Of(PropertyInfo property) =>
        Find(property.DeclaringType!, $"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>A field's summary.</summary>
    public static string OfField(Type type, string field) => Find(type, $"F:{type.FullName}.{field}");

    /// <summary>A summary as Markdown.</summary>
    public static string ToMarkdown(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => $"`{LastName((string)see.Attribute("cref")!)}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => throw new InvalidOperationException($"A summary has a <{other.Name}>."),
            _ => node.ToString(),
        }));
        return Blanks().Replace(System.Net.WebUtility.HtmlDecode(text), " ").Trim();
    }

    private static string Find(Type type, string member)
    {
        var file = Path.ChangeExtension(type.Assembly.Location, ".xml");
        var summary = XDocument.Load(file).Descendants("member")
            .Where(candidate => (string?)candidate.Attribute("name") == member)
            .Elements("summary")
            .SingleOrDefault();
        return summary is null
            ? throw new InvalidOperationException($"{member} has no summary.")
            : ToMarkdown(summary);
    }

    private static string LastName(string member) => member.Split('.')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
