using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>
/// `load` is a crowd from outside: it speaks HTTP with records of its own, so that it measures what a buyer meets and
/// breaks when the contract does. Its namespace lies inside the engine's, so no `using` would give it away.
/// </summary>
public sealed partial class LoadTests
{
    [Fact]
    public void The_load_command_uses_no_type_of_the_server()
    {
        var server = Repository.Under("src/").Except(Repository.Under("src/Doorbuster.Cli/"));

        HouseRule.IsKept(Insiders(Repository.Under("src/Doorbuster.Cli/Load/").ToList(), [.. server]));
    }

    [Theory]
    [InlineData("using Doorbuster.Claims;", "Doorbuster.Claims")]
    [InlineData("using Units = Doorbuster.Money;", "Doorbuster.Money")]
    [InlineData("Money price = default;", "Money")]
    [InlineData("var ids = new List<SaleId>();", "SaleId")]
    [InlineData("return SaleId.Parse(text);", "SaleId")]
    [InlineData("if (answer is Money) { }", "Money")]
    [InlineData("private static readonly Money[] Prices = [];", "Money")]
    public void A_type_of_the_server_is_found(string text, string name) =>
        HouseRule.IsBroken(Insiders([File(text)], Server), $"Load/A.cs uses {name}");

    [Theory]
    [InlineData("namespace Doorbuster.Cli.Load; using Doorbuster.Cli.Output;")]
    [InlineData("record Order(string SaleId, int Money); var id = order.SaleId; var m = order.Money.ToString();")]
    [InlineData("record Money(long Amount); Money price = new(1);")]
    [InlineData("var order = new { Money = 1, SaleId = 2 }; // a Money of the engine")]
    [InlineData("record A(Price Money) { string B => Money is null ? Money.Name : Money switch { _ => 1 }; }")]
    public void Its_own_names_are_fine(string text) => HouseRule.IsKept(Insiders([File(text)], Server));

    private static SourceFile[] Server => [new("src/M.cs", "record Money;"), new("src/S.cs", "record SaleId;")];

    private static SourceFile File(string text) => new("Load/A.cs", text);

    private static IEnumerable<string> Insiders(
        IReadOnlyCollection<SourceFile> load, IReadOnlyCollection<SourceFile> server)
    {
        var types = server.SelectMany(file => file.Types).Except(load.SelectMany(file => file.Types)).ToHashSet();
        return
            from file in load
            let qualified = Names(Qualified(), file)
            let simple = Names(AsArgument(), file).Concat(Names(BeforeName(), file))
            let members = Names(BeforeMember(), file).Except(Names(Declared(), file))
            from name in qualified.Concat(simple.Concat(members).Where(types.Contains)).Distinct()
            select $"{file.Path} uses {name}";
    }

    private static IEnumerable<string> Names(Regex pattern, SourceFile file) =>
        pattern.Matches(file.Code).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"(?<name>\bDoorbuster\b(?!\.Cli\b)[\w.]*)")]
    private static partial Regex Qualified();

    // A type where only a type can stand: after one of these words, or as a type argument.
    [GeneratedRegex(@"(?:\b(?:new|is|as|not)\s+|\btypeof\s*\(\s*|<\s*)(?<name>[A-Z]\w*)")]
    private static partial Regex AsArgument();

    // A type before the name that it declares: `Money price`, `Money[] Prices`. A property before a keyword is none.
    [GeneratedRegex(
        """
        (?<![\w.])(?<name>[A-Z]\w*)(?:\?|\[\])*\s+
        (?!(?:is|as|and|or|not|in|switch|with|when|where|on|equals|into|ascending|descending)\b)[A-Za-z_]
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex BeforeName();

    // A type before a static member of its own: `Money.Zero`; or a property of that name, where one is declared.
    [GeneratedRegex(@"(?<![\w.])(?<name>[A-Z]\w*)\.[A-Za-z_]")]
    private static partial Regex BeforeMember();

    // A name behind its type: `string Money,`.
    [GeneratedRegex(@"\w[>?\]]*\s+(?<name>[A-Z]\w*)\s*[,)={;]")]
    private static partial Regex Declared();
}
