using System.Collections.Concurrent;
using System.Diagnostics;

namespace Doorbuster.Tests.House;

/// <summary>Compiled and never called: it uses what the engine must not, in every form of a reference.</summary>
internal static class Offender
{
    public static Task Method() => Task.Run(() => { });

    public static Task<int> GenericMethod() => Task.Run(() => 1);

    public static Task<int> MethodOfGenericType(Task<string> task) => task.ContinueWith(t => t.Id);

    public static int PropertyOfGenericType(Task<int> task) => task.Result;

    public static Random Constructor() => new();

    public static DateTime StaticProperty() => DateTime.UtcNow;

    public static long MemberOfType() => Stopwatch.GetTimestamp();

    public static int Unspelt(ConcurrentDictionary<string, int> counts)
    {
        var sum = 0;
        foreach (var count in counts)
        {
            sum += count.Value;
        }

        return sum;
    }
}
