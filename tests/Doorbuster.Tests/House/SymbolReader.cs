using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Doorbuster.Tests.House;

/// <summary>
/// Reads what an assembly refers to, and what it defines, from its metadata, as documentation-comment ids: `T:` a type,
/// `M:` a method with its parameters, `P:` a property. Nothing is loaded and nothing runs.
/// </summary>
internal static class SymbolReader
{
    public static IReadOnlySet<string> ReferencedBy(string assembly) => Read(assembly, References);

    /// <summary>Of an assembly's types only these, because the platform has a great many.</summary>
    public static IReadOnlySet<string> DefinedIn(string assembly, IReadOnlySet<string> types) =>
        Read(assembly, reader => Definitions(reader, types));

    private static HashSet<string> Read(string assembly, Func<MetadataReader, IEnumerable<string>> symbols)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        return file.HasMetadata ? [.. symbols(file.GetMetadataReader())] : [];
    }

    private static IEnumerable<string> References(MetadataReader reader)
    {
        foreach (var handle in reader.TypeReferences)
        {
            yield return $"T:{SymbolNames.Of(reader, handle).Definition}";
        }

        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (member.GetKind() == MemberReferenceKind.Method && ParentOf(reader, member) is { } parent)
            {
                var signature = member.DecodeMethodSignature(SymbolNames.Instance, null);
                foreach (var id in Ids(parent, reader.GetString(member.Name), signature))
                {
                    yield return id;
                }
            }
        }
    }

    private static IEnumerable<string> Definitions(MetadataReader reader, IReadOnlySet<string> types)
    {
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = SymbolNames.Of(reader, handle).Definition;
            if (!types.Contains(type))
            {
                continue;
            }

            yield return $"T:{type}";
            foreach (var member in reader.GetTypeDefinition(handle).GetMethods())
            {
                var method = reader.GetMethodDefinition(member);
                var signature = method.DecodeSignature(SymbolNames.Instance, null);
                foreach (var id in Ids(type, reader.GetString(method.Name), signature))
                {
                    yield return id;
                }
            }
        }
    }

    /// <summary>The type that a member belongs to: a generic one as it was defined, whatever it is used with.</summary>
    private static string? ParentOf(MetadataReader reader, MemberReference member) => member.Parent.Kind switch
    {
        HandleKind.TypeReference => SymbolNames.Of(reader, (TypeReferenceHandle)member.Parent).Definition,
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)member.Parent)
            .DecodeSignature(SymbolNames.Instance, null).Definition,
        _ => null,
    };

    private static IEnumerable<string> Ids(string type, string name, MethodSignature<SymbolName> signature)
    {
        var arity = signature.GenericParameterCount > 0 ? $"``{signature.GenericParameterCount}" : "";
        var parameters = string.Join(',', signature.ParameterTypes.Select(parameter => parameter.Id));
        yield return $"M:{type}.{name.Replace('.', '#')}{arity}{(parameters.Length > 0 ? $"({parameters})" : "")}";
        if (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal))
        {
            yield return $"P:{type}.{name[4..]}";
        }
    }
}
