namespace Doorbuster.AspNetCore.Settings;

/// <summary>A group some of whose properties are no settings of its own, because other settings decide them.</summary>
/// <param name="names">Those properties.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SetElsewhereAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names { get; } = names;
}
