using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Doorbuster.Tests.House;

/// <summary>A type's name in a documentation-comment id.</summary>
/// <param name="Id">As a parameter: <c>System.Func{``0}</c>.</param>
/// <param name="Definition">As it was defined: <c>System.Func`1</c>.</param>
internal readonly record struct SymbolName(string Id, string Definition)
{
    public SymbolName(string name)
        : this(name, name)
    {
    }
}

/// <summary>Spells the types of signatures as documentation-comment ids do (C# standard, annex D.4.2).</summary>
internal sealed class SymbolNames : ISignatureTypeProvider<SymbolName, object?>
{
    public static readonly SymbolNames Instance = new();

    public static SymbolName Of(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var outer = type.ResolutionScope.Kind == HandleKind.TypeReference
            ? Of(reader, (TypeReferenceHandle)type.ResolutionScope).Definition
            : reader.GetString(type.Namespace);
        return Join(outer, reader.GetString(type.Name));
    }

    public static SymbolName Of(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var outer = type.IsNested
            ? Of(reader, type.GetDeclaringType()).Definition
            : reader.GetString(type.Namespace);
        return Join(outer, reader.GetString(type.Name));
    }

    public SymbolName GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Of(reader, handle);

    public SymbolName GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Of(reader, handle);

    public SymbolName GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public SymbolName GetGenericInstantiation(SymbolName genericType, ImmutableArray<SymbolName> typeArguments) =>
        genericType with
        {
            Id = $"{genericType.Id.Split('`')[0]}{{{string.Join(',', typeArguments.Select(argument => argument.Id))}}}",
        };

    public SymbolName GetPrimitiveType(PrimitiveTypeCode typeCode) => new($"System.{typeCode}");

    public SymbolName GetGenericTypeParameter(object? genericContext, int index) => new($"`{index}");

    public SymbolName GetGenericMethodParameter(object? genericContext, int index) => new($"``{index}");

    public SymbolName GetByReferenceType(SymbolName elementType) => new($"{elementType.Id}@");

    public SymbolName GetPointerType(SymbolName elementType) => new($"{elementType.Id}*");

    public SymbolName GetSZArrayType(SymbolName elementType) => new($"{elementType.Id}[]");

    public SymbolName GetArrayType(SymbolName elementType, ArrayShape shape) =>
        new($"{elementType.Id}[{string.Join(',', Enumerable.Repeat("0:", shape.Rank))}]");

    public SymbolName GetModifiedType(SymbolName modifier, SymbolName unmodifiedType, bool isRequired) =>
        unmodifiedType;

    public SymbolName GetPinnedType(SymbolName elementType) => elementType;

    public SymbolName GetFunctionPointerType(MethodSignature<SymbolName> signature) => new("=FUNC");

    private static SymbolName Join(string outer, string name) => new(outer.Length > 0 ? $"{outer}.{name}" : name);
}
