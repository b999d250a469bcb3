using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>
/// Reads a section into a record of options and collects everything that is wrong with it. The framework's binder stops
/// at the first wrong value and does not say what would have been right.
/// </summary>
internal sealed class SettingsReader
{
    private readonly List<string> _violations = [];

    /// <summary>What was found wrong so far, a message each.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Reads one record; what is not set, or set wrong, keeps its default.</summary>
    /// <param name="type">A record with a public parameterless constructor and a setter a setting.</param>
    /// <param name="section">Where its settings are.</param>
    /// <param name="except">Properties that are set elsewhere.</param>
    public object Read(Type type, IConfigurationSection section, IReadOnlyList<string>? except = null)
    {
        var options = Activator.CreateInstance(type)!;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && except?.Contains(property.Name) != true)
            .ToArray();
        if (!string.IsNullOrEmpty(section.Value))
        {
            _violations.Add($"{section.Path} is '{section.Value}', and it is a group of settings: set {section.Path}:"
                + $"{string.Join($", {section.Path}:", properties.Select(property => property.Name))}.");
        }

        foreach (var setting in section.GetChildren())
        {
            var property = Array.Find(
                properties, p => string.Equals(p.Name, setting.Key, StringComparison.OrdinalIgnoreCase));
            if (property is not null)
            {
                ReadInto(options, property, setting);
            }
            else
            {
                _violations.Add($"{setting.Path} is no setting; {section.Path} has "
                    + $"{string.Join(", ", properties.Select(p => p.Name))}. Mend the name, or remove it.");
            }
        }

        return options;
    }

    private void ReadInto(object options, PropertyInfo property, IConfigurationSection setting)
    {
        if (property.PropertyType == typeof(IReadOnlyList<string>))
        {
            property.SetValue(options, ReadList(setting));
        }
        else if (SettingValue.IsSingle(property.PropertyType))
        {
            ReadSingle(options, property, setting);
        }
        else
        {
            var except = property.GetCustomAttribute<SetElsewhereAttribute>()?.Names;
            property.SetValue(options, Read(property.PropertyType, setting, except));
        }
    }

    private string[] ReadList(IConfigurationSection setting)
    {
        if (!string.IsNullOrEmpty(setting.Value))
        {
            _violations.Add($"{setting.Path} is one value, and it is a list: set {setting.Path}:0, {setting.Path}:1 "
                + "and so on.");
        }

        return [.. setting.GetChildren().Select(item => item.Value ?? "")];
    }

    private void ReadSingle(object options, PropertyInfo property, IConfigurationSection setting)
    {
        if (setting.GetChildren().FirstOrDefault() is { } child)
        {
            _violations.Add($"{child.Path} is no setting; {setting.Path} is one value. Remove it.");
            return;
        }

        // An empty text sets nothing back: it is how an environment says "not set".
        if (property.PropertyType == typeof(string) && string.IsNullOrWhiteSpace(setting.Value))
        {
            return;
        }

        var range = property.GetCustomAttribute<RangeAttribute>();
        if (SettingValue.TryParse(property.PropertyType, setting.Value, out var value)
            && range?.IsValid(value) != false)
        {
            property.SetValue(options, value);
            return;
        }

        _violations.Add($"{setting.Path} is {Shown(property, setting.Value)}; it must be "
            + $"{SettingValue.Describe(property.PropertyType, range)}. Change it, or remove it for the default, "
            + $"{SettingValue.Write(property.GetValue(options))}.");
    }

    private static string Shown(PropertyInfo property, string? value) =>
        property.IsDefined(typeof(SecretAttribute)) ? "not shown here" : $"'{value}'";
}
