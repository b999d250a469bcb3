using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Doorbuster.Simulation.Mutants;

/// <summary>
/// Writes what mutants alter beside what stands in a source file: every body that one of them alters is there several
/// times, and which of them runs is asked for each thread. So all mutants are compiled at once, and what is warm for
/// one is warm for the next.
/// </summary>
internal static class Weaver
{
    /// <summary>The type that says which mutant the current thread runs; it is in the engine's copy.</summary>
    public const string WantedType = "Doorbuster.WantedMutant";

    /// <summary>Its source: a number, which is 0 for the true code.</summary>
    public const string Wanted =
        """
        namespace Doorbuster;

        public static class WantedMutant
        {
            [System.ThreadStatic]
            public static int No;

            public static void Want(int no) => No = no;
        }
        """;

    /// <summary>The text of a file with all that these mutants make of it.</summary>
    /// <param name="text">The file as it is.</param>
    /// <param name="mutants">The mutants of this file, each with the number by which it is asked for.</param>
    /// <exception cref="InvalidOperationException">A guard is not there, or is not in the body of a member.</exception>
    public static string Weave(string text, IReadOnlyList<(int No, Mutant Mutant)> mutants)
    {
        var bodies = BodiesOf(text);
        var altered = mutants.Select(one => (one.No, Bodies: Altered(bodies, text, one.Mutant))).ToArray();
        var woven = new StringBuilder(text);
        for (var i = bodies.Count - 1; i >= 0; i--)
        {
            var body = bodies[i];
            var others = altered.Where(one => one.Bodies[i].Block != body.Block).ToArray();
            if (others.Length > 0)
            {
                var choice = string.Concat(others.Select(one => string.Create(
                    CultureInfo.InvariantCulture,
                    $"if (global::{WantedType}.No == {one.No})\n{one.Bodies[i].Block}\nelse ")));
                woven.Remove(body.Span.Start, body.Span.Length)
                    .Insert(body.Span.Start, body.Place($"{{\n{choice}{body.Block}\n}}"));
            }
        }

        return woven.ToString();
    }

    private static List<Body> Altered(List<Body> bodies, string text, Mutant mutant)
    {
        var altered = BodiesOf(mutant.Apply(text));
        return altered.Count == bodies.Count && altered.Where((body, i) => body.Block != bodies[i].Block).Any()
            ? altered
            : throw new InvalidOperationException($"'{mutant.Guard}' is not in the body of a member of {mutant.File}.");
    }

    private static List<Body> BodiesOf(string text) =>
    [
        .. CSharpSyntaxTree.ParseText(text).GetRoot()
            .DescendantNodes(node => node is not (BlockSyntax or ArrowExpressionClauseSyntax))
            .Select(BodyOf).OfType<Body>(),
    ];

    private static Body? BodyOf(SyntaxNode member) => member switch
    {
        BaseMethodDeclarationSyntax { Body: { } block } => new Body(block.Span, $"{block}"),
        AccessorDeclarationSyntax { Body: { } block } => new Body(block.Span, $"{block}"),
        BaseMethodDeclarationSyntax { ExpressionBody: { } arrow } method =>
            Body.Of(arrow, method.SemicolonToken, Returns(method)),
        AccessorDeclarationSyntax { ExpressionBody: { } arrow } accessor =>
            Body.Of(arrow, accessor.SemicolonToken, accessor.IsKind(SyntaxKind.GetAccessorDeclaration)),
        PropertyDeclarationSyntax { ExpressionBody: { } arrow } property =>
            Body.Of(arrow, property.SemicolonToken, returns: true) with { IsProperty = true },
        _ => null,
    };

    private static bool Returns(BaseMethodDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => $"{method.ReturnType}" != "void"
            && !(method.Modifiers.Any(SyntaxKind.AsyncKeyword) && $"{method.ReturnType}" is "Task" or "ValueTask"),
        ConstructorDeclarationSyntax => false,
        _ => true,
    };

    /// <summary>What a member does, as a block of statements.</summary>
    /// <param name="Span">Where it stands.</param>
    /// <param name="Block">The block.</param>
    private sealed record Body(TextSpan Span, string Block)
    {
        /// <summary>Whether it stands in the place of a property's only accessor.</summary>
        public bool IsProperty { get; init; }

        public static Body Of(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, bool returns)
        {
            var start = returns && arrow.Expression is not ThrowExpressionSyntax ? "return " : "";
            return new Body(
                TextSpan.FromBounds(arrow.SpanStart, semicolon.Span.End), $"{{\n{start}{arrow.Expression};\n}}");
        }

        /// <summary>The text that stands in its place.</summary>
        public string Place(string block) => IsProperty ? $"{{\nget\n{block}\n}}" : block;
    }
}
