using System.Reflection;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Cli.Hosting;
using Doorbuster.Sql.Sqlite;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Server.Tests.Reference;

/// <summary>An entry that the code writes into its log.</summary>
/// <param name="Method">The method that writes it.</param>
/// <param name="Declared">Its id, level and text.</param>
internal sealed record LogEntry(MethodInfo Method, LoggerMessageAttribute Declared)
{
    /// <summary>Every entry of every project that ships, in order of id.</summary>
    public static IReadOnlyList<LogEntry> All =>
    [
        .. from assembly in (Assembly[])
               [
                   typeof(EventIds).Assembly, typeof(SqliteStore).Assembly, typeof(DoorbusterOptions).Assembly,
                   typeof(DoorbusterServer).Assembly,
               ]
           from type in assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
           let declared = method.GetCustomAttribute<LoggerMessageAttribute>()
           where declared is not null
           orderby declared.EventId
           select new LogEntry(method, declared),
    ];
}
