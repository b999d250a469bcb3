namespace Doorbuster.AspNetCore.Settings;

/// <summary>A setting whose value no message shows.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
