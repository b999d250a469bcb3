using System.Collections;
using System.Reflection;
using Doorbuster.Sql.Sqlite;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>
/// The connections that an open store holds, wherever it holds them. Some settings are a connection's own, so nobody
/// else can ask for them; and a connection that is added later must not be forgotten here.
/// </summary>
internal static class OpenConnections
{
    private const int MaxDepth = 6;
    private const BindingFlags AnyField = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static IReadOnlyList<OpenConnection> Of(SqliteStore store)
    {
        var found = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Look(store, found, new HashSet<object>(ReferenceEqualityComparer.Instance), 0);
        return [.. found.Select(connection => new OpenConnection(connection))];
    }

    private static void Look(object? held, HashSet<object> found, HashSet<object> seen, int depth)
    {
        if (held is null or string || depth > MaxDepth || !seen.Add(held))
        {
            return;
        }

        if (held.GetType().Name == "Connection")
        {
            found.Add(held);
        }
        else if (held is IEnumerable items)
        {
            foreach (var item in items)
            {
                Look(item, found, seen, depth + 1);
            }
        }
        else if (held.GetType().Assembly == typeof(SqliteStore).Assembly)
        {
            foreach (var field in held.GetType().GetFields(AnyField))
            {
                Look(field.GetValue(held), found, seen, depth + 1);
            }
        }
    }
}

/// <summary>One open connection, by the methods it has.</summary>
internal sealed record OpenConnection(object Connection)
{
    public string ReadText(string sql) => (string)Call("ReadText", sql)!;

    public long ReadInt64(string sql) => (long)Call("ReadInt64", sql)!;

    public void Execute(string sql) => Call("Execute", sql);

    private object? Call(string method, string sql) =>
        Connection.GetType().GetMethod(method)!.Invoke(
            Connection, BindingFlags.DoNotWrapExceptions, null, [sql], null);
}
