using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.AspNetCore.Settings;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>
/// Reads what a page's form, or a program in its place, wants done with a payment. What it does not say, the settings
/// say; its fields are those of <see cref="SandboxOptions"/>, with the same ranges, and <c>outcome</c>.
/// </summary>
internal static class SandboxForm
{
    /// <summary>The media type of a form.</summary>
    public const string MediaType = "application/x-www-form-urlencoded";

    /// <summary>The field that says what is done.</summary>
    public const string Outcome = "outcome";

    /// <summary>The outcome of a payment that is paid.</summary>
    public const string Pay = "pay";

    /// <summary>The outcome of a payment that is declined.</summary>
    public const string Decline = "decline";

    private static readonly Dictionary<string, PropertyInfo> Fields = new[]
    {
        nameof(SandboxOptions.Delay), nameof(SandboxOptions.Repeat), nameof(SandboxOptions.Reorder),
        nameof(SandboxOptions.Twice), nameof(SandboxOptions.Lose), nameof(SandboxOptions.Alter),
    }.ToDictionary(name => name, name => typeof(SandboxOptions).GetProperty(name)!, StringComparer.OrdinalIgnoreCase);

    /// <summary>The plan that a form describes.</summary>
    /// <param name="form">The body.</param>
    /// <param name="options">What holds where it says nothing.</param>
    public static Parsed<SandboxPlan> Parse(ReadOnlySpan<byte> form, SandboxOptions options)
    {
        var errors = new List<FieldError>();
        var said = options with { };
        string? outcome = null;
        foreach (var (name, value) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(form)))
        {
            if (name == Outcome && value is [Pay or Decline])
            {
                outcome = value;
            }
            else if (name == Outcome || !Fields.TryGetValue(name, out var field))
            {
                errors.Add(new FieldError(name, name == Outcome ? WhatOutcomes : "There is no such field."));
            }
            else if (Read(said, field, value) is { } error)
            {
                errors.Add(error);
            }
        }

        if (outcome is null && errors.Count == 0)
        {
            errors.Add(new FieldError(Outcome, $"It is missing. {WhatOutcomes}"));
        }

        return errors.Count == 0 ? SandboxPlan.Of(said, isPaid: outcome == Pay) : Problem.Invalid(errors);
    }

    private static string WhatOutcomes => $"{Pay} or {Decline}.";

    private static FieldError? Read(SandboxOptions options, PropertyInfo field, StringValues values)
    {
        // A form sends its empty fields too, and a box that is ticked as "on" after the "false" of one that is not.
        var text = field.PropertyType != typeof(bool) ? values.ToString()
            : values is [.., "on"] ? bool.TrueString
            : values[^1];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var range = field.GetCustomAttribute<RangeAttribute>();
        if (SettingValue.TryParse(field.PropertyType, text, out var value) && range?.IsValid(value) != false)
        {
            field.SetValue(options, value);
            return null;
        }

        return new FieldError(
            field.Name.ToLowerInvariant(), $"{SettingValue.Describe(field.PropertyType, range)}.");
    }
}
