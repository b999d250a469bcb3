using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Cli.Hosting;

namespace Doorbuster.Server.Tests.Reference;

/// <summary>Every setting with its meaning, its range and its default, a table a group.</summary>
internal static class SettingsTables
{
    /// <summary>The groups, each before those within it.</summary>
    public static IReadOnlyList<Group> Groups =>
    [
        .. Walk(DoorbusterOptions.Section, new DoorbusterOptions(), except: []),
        new Group(KestrelLimits.Section, new KestrelLimits(), [.. typeof(KestrelLimits).GetProperties()]),
    ];

    public static string Write()
    {
        var text = new StringBuilder();
        foreach (var group in Groups.Where(group => group.Settings.Count > 0))
        {
            text.Append($"## {group.Section}\n\n{Summaries.Of(group.Options.GetType())}\n\n");
            text.Append("| setting | is | default | means |\n|---|---|---|---|\n");
            foreach (var setting in group.Settings)
            {
                text.Append($"| `{setting.Name}` | {WhatItIs(setting)} | {Default(group, setting)} ");
                text.Append($"| {Summaries.Of(setting)} |\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static IEnumerable<Group> Walk(string section, object options, IReadOnlyList<string> except)
    {
        var own = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !except.Contains(property.Name))
            .ToList();
        yield return new Group(section, options, own.FindAll(IsSetting));
        foreach (var property in own.Where(property => !IsSetting(property)))
        {
            var elsewhere = property.GetCustomAttribute<SetElsewhereAttribute>()?.Names ?? [];
            foreach (var group in Walk($"{section}:{property.Name}", property.GetValue(options)!, elsewhere))
            {
                yield return group;
            }
        }
    }

    private static bool IsSetting(PropertyInfo property) =>
        IsList(property) || SettingValue.IsSingle(property.PropertyType);

    private static bool IsList(PropertyInfo property) => property.PropertyType == typeof(IReadOnlyList<string>);

    private static string WhatItIs(PropertyInfo setting) => IsList(setting)
        ? $"a list of texts: `{setting.Name}:0`, `{setting.Name}:1` and so on"
        : SettingValue.Describe(setting.PropertyType, setting.GetCustomAttribute<RangeAttribute>());

    private static string Default(Group group, PropertyInfo setting) =>
        IsList(setting) ? "none" : $"`{SettingValue.Write(setting.GetValue(group.Options))}`";
}

/// <summary>Settings that stand together.</summary>
/// <param name="Section">What each of their names begins with.</param>
/// <param name="Options">The record that holds them, with their defaults.</param>
/// <param name="Settings">The settings.</param>
internal sealed record Group(string Section, object Options, IReadOnlyList<PropertyInfo> Settings);
