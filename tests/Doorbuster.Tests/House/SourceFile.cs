using System.Text.RegularExpressions;

namespace Doorbuster.Tests.House;

/// <summary>A source file, as its text, as its code alone, and as its comments alone.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="Text">The whole file.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    private string? _code;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The text without comments and literals, in which a pattern finds only what is compiled.</summary>
    public string Code => _code ??= CommentOrLiteral().Replace(Text, match => IsComment(match) ? " " : "\"\"");

    public IEnumerable<string> Comments =>
        CommentOrLiteral().Matches(Text).Where(IsComment).Select(match => match.Value);

    /// <summary>The names of the types that the file declares.</summary>
    public IEnumerable<string> Types => Declaration().Matches(Code).Select(match => match.Groups["name"].Value);

    /// <summary>The types that the file declares, each with what stands behind its colon.</summary>
    public IEnumerable<(string Type, string Bases)> BaseLists =>
        Declaration().Matches(Code).Select(match => (match.Groups["name"].Value, match.Groups["bases"].Value));

    private static bool IsComment(Match match) => match.ValueSpan[0] == '/';

    // An ordinary string ends with its line at the latest, so that a quote inside an interpolation spoils no more.
    [GeneratedRegex(
        """
        //[^\n]*
        | /\*.*?\*/
        | \$*(?<fence>"{3,}).*?\k<fence>(?!")
        | (?:\$@|@\$|@)"(?:[^"]|"")*"
        | \$?"(?:\\.|[^"\\\n])*"?
        | '(?:\\[^\n']+|\\'|[^\\'\n])'
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex CommentOrLiteral();

    // A name, type parameters, a primary constructor, and the base list up to its body or its constraints.
    [GeneratedRegex(
        """
        \b(?<kind>class|struct|record|interface|enum)\s+(?:class\s+|struct\s+)?(?<name>[A-Za-z_]\w*)
        \s*(?:<[^{;()]*?>)?
        \s*(?:\((?>[^()]+|(?<open>\()|(?<-open>\)))*(?(open)(?!))\))?
        (?:\s*:(?<bases>(?:(?!\bwhere\b)[^{;])*))?
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Declaration();
}
