using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>An interface of the engine is a port: two implementations at least, or it only stands between.</summary>
public sealed class PortTests
{
    private const int Enough = 2;

    [Fact]
    public void Every_interface_of_the_engine_has_two_implementations() =>
        HouseRule.IsKept(Lonely(Repository.Engine, [.. Repository.Under("src/"), .. Repository.Under("tests/")]));

    [Fact]
    public void An_interface_with_one_implementation_is_found()
    {
        var port = new SourceFile("src/IGate.cs", "public interface IGate : IDisposable { }");
        var first = new SourceFile("src/A.cs", "class MemoryGate(IGate inner, Func<int> a) : Base(1), IGate { }");
        var none = new SourceFile("src/B.cs", "class Lane<T>(IGate gate) : IDisposable where T : IGate; // : IGate");
        var second = new SourceFile("tests/C.cs", "record struct FakeGate : Fakes.IGate;");

        var further = new SourceFile("src/ISharedGate.cs", "public interface ISharedGate : IGate { }");
        var shared = new SourceFile("src/D.cs", "class RemoteGate : ISharedGate { }");

        HouseRule.IsBroken(Lonely([port], [port, first, none]), "IGate is implemented by MemoryGate alone");
        HouseRule.IsBroken(Lonely([port], [port, none]), "IGate is implemented by nothing");
        HouseRule.IsKept(Lonely([port], [port, first, none, second]));
        HouseRule.IsKept(Lonely([port], [port, first, none, further, shared]));
    }

    private static IEnumerable<string> Lonely(IEnumerable<SourceFile> engine, IReadOnlyCollection<SourceFile> all)
    {
        var declared = all.SelectMany(file => file.BaseLists).ToList();
        foreach (var port in engine.SelectMany(file => file.Types).Where(IsInterface).Distinct())
        {
            // Whoever implements an interface that builds on it implements it too.
            var name = new Regex($@"\b{port}\b");
            var built = declared.Where(d => IsInterface(d.Type) && name.IsMatch(d.Bases)).Select(d => d.Type);
            var any = new Regex($@"\b({string.Join('|', built.Append(port))})\b");
            var implementations = declared.Where(d => !IsInterface(d.Type) && any.IsMatch(d.Bases)).ToList();
            if (implementations.Count < Enough)
            {
                var by = implementations.Count == 0 ? "nothing" : $"{implementations[0].Type} alone";
                yield return $"{port} is implemented by {by}";
            }
        }
    }

    private static bool IsInterface(string type) => type is ['I', >= 'A' and <= 'Z', ..];
}
