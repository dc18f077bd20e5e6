using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Vitrine.Tests.Architecture;

/// <summary>Finds, in a compiled assembly, what asks the runtime for names of types or of an enum's members.</summary>
internal static class IlReader
{
    private const int TwoByteOpCode = 0xFE;

    private static readonly Dictionary<int, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>What needs metadata that is not there: members of System.Type that are names or lists, and everything that knows enums.</summary>
    private static readonly Dictionary<string, string[]> s_asking = new()
    {
        ["System.Type"] = ["get_Name", "get_FullName", "get_Namespace", "ToString", "get_Assembly", "GetMethod", "GetProperty", "GetField", "GetType", "IsAssignableFrom"],
        ["System.Reflection.MemberInfo"] = ["get_Name", "ToString"],
        ["System.Object"] = ["GetType"],
        ["System.Enum"] = ["ToString", "Parse", "TryParse", "GetName", "GetNames", "GetValues", "IsDefined", "Format"],
        ["System.Activator"] = ["CreateInstance"],
        ["System.Reflection.Assembly"] = ["GetManifestResourceStream"],
        ["System.Attribute"] = ["GetCustomAttribute"],
    };

    /// <summary>Full names of the enums that an assembly defines.</summary>
    public static IEnumerable<string> EnumsOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return [.. reader.TypeDefinitions.Where(handle => FullName(reader, reader.GetTypeDefinition(handle).BaseType) == "System.Enum")
            .Select(handle => FullName(reader, handle))];
    }

    /// <summary>Each place, as method and what it does there.</summary>
    public static IEnumerable<string> QuestionsForNames(string path, IReadOnlySet<string> enums)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var found = new List<string>();
        foreach (var handle in reader.MethodDefinitions)
        {
            var method = reader.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
                continue;
            var name = $"{FullName(reader, method.GetDeclaringType())}.{reader.GetString(method.Name)}";
            foreach (var question in Questions(reader, file.GetMethodBody(method.RelativeVirtualAddress).GetILReader(), enums))
                found.Add($"{name}: {question}");
        }

        return found;
    }

    private static List<string> Questions(MetadataReader reader, BlobReader code, IReadOnlySet<string> enums)
    {
        var found = new List<string>();
        var boxes = new List<string>();
        var constrained = "";
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            var operation = s_opCodes[value == TwoByteOpCode ? (value << 8) | code.ReadByte() : value];
            var token = operation.OperandType is OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok
                ? (EntityHandle?)MetadataTokens.Handle(code.ReadInt32())
                : null;
            if (token is null)
                Skip(ref code, operation);
            else if (operation == OpCodes.Constrained)
                constrained = FullName(reader, token.Value);
            else if (operation == OpCodes.Box && IsEnum(FullName(reader, token.Value), enums))
                boxes.Add($"boxes {FullName(reader, token.Value)}");
            else if (operation.OperandType == OperandType.InlineMethod)
            {
                if (!TakesNumbers(reader, token.Value))
                    found.AddRange(boxes);
                boxes.Clear();
                if (Asks(reader, token.Value, constrained, enums) is { } question)
                    found.Add(question);
            }

            if (operation != OpCodes.Constrained)
                constrained = "";
        }

        return found;
    }

    private static string? Asks(MetadataReader reader, EntityHandle method, string constrained, IReadOnlySet<string> enums)
    {
        if (method.Kind == HandleKind.MethodSpecification)
        {
            var specification = reader.GetMethodSpecification((MethodSpecificationHandle)method);
            var (type, name) = Called(reader, specification.Method);
            var argument = specification.DecodeSignature(new Names(reader), null).FirstOrDefault(one => IsEnum(one, enums));
            return IsAsking(type, name) ? $"calls {type}.{name}"
                : argument is not null && name is "AppendFormatted" or "Join" ? $"writes {argument} as text" : null;
        }

        var (declaring, called) = Called(reader, method);
        if (IsEnum(constrained, enums) && called == "ToString")
            return $"writes {constrained} as text";
        return IsAsking(declaring, called) ? $"calls {declaring}.{called}" : null;
    }

    /// <summary>Whether what is called does without names of the enums that it gets as objects.</summary>
    private static bool TakesNumbers(MetadataReader reader, EntityHandle method) =>
        method.Kind != HandleKind.MethodSpecification && Called(reader, method) is ("System.Enum", "HasFlag") or ("System.ArgumentOutOfRangeException", ".ctor");

    private static bool IsAsking(string type, string method) => s_asking.TryGetValue(type, out var methods) && methods.Contains(method);

    private static bool IsEnum(string name, IReadOnlySet<string> enums) =>
        enums.Contains(name) || (name.StartsWith("System.", StringComparison.Ordinal) && Type.GetType(name)?.IsEnum == true);

    private static (string Type, string Name) Called(MetadataReader reader, EntityHandle method)
    {
        if (method.Kind == HandleKind.MethodDefinition)
        {
            var own = reader.GetMethodDefinition((MethodDefinitionHandle)method);
            return (FullName(reader, own.GetDeclaringType()), reader.GetString(own.Name));
        }

        var member = reader.GetMemberReference((MemberReferenceHandle)method);
        return (FullName(reader, member.Parent), reader.GetString(member.Name));
    }

    private static string FullName(MetadataReader reader, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                var reference = reader.GetTypeReference((TypeReferenceHandle)handle);
                return Join(reader.GetString(reference.Namespace), reader.GetString(reference.Name));
            case HandleKind.TypeDefinition when !handle.IsNil:
                var definition = reader.GetTypeDefinition((TypeDefinitionHandle)handle);
                var outer = definition.GetDeclaringType();
                return outer.IsNil
                    ? Join(reader.GetString(definition.Namespace), reader.GetString(definition.Name))
                    : $"{FullName(reader, outer)}+{reader.GetString(definition.Name)}";
            default:
                return "";
        }
    }

    private static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";

    private static void Skip(ref BlobReader code, OpCode operation)
    {
        if (operation.OperandType == OperandType.InlineSwitch)
        {
            var cases = code.ReadInt32();
            code.Offset += cases * sizeof(int);
            return;
        }

        code.Offset += operation.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            _ => 4,
        };
    }

    /// <summary>Types of a signature by their full names; what is no plain type has none.</summary>
    private sealed class Names(MetadataReader reader) : ISignatureTypeProvider<string, object?>
    {
        public string GetTypeFromDefinition(MetadataReader from, TypeDefinitionHandle handle, byte rawTypeKind) => FullName(reader, handle);
        public string GetTypeFromReference(MetadataReader from, TypeReferenceHandle handle, byte rawTypeKind) => FullName(reader, handle);
        public string GetTypeFromSpecification(MetadataReader from, object? context, TypeSpecificationHandle handle, byte rawTypeKind) => "";
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";
        public string GetSZArrayType(string elementType) => elementType;
        public string GetArrayType(string elementType, ArrayShape shape) => elementType;
        public string GetGenericInstantiation(string genericType, System.Collections.Immutable.ImmutableArray<string> typeArguments) => "";
        public string GetByReferenceType(string elementType) => elementType;
        public string GetPointerType(string elementType) => elementType;
        public string GetPinnedType(string elementType) => elementType;
        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;
        public string GetFunctionPointerType(MethodSignature<string> signature) => "";
        public string GetGenericMethodParameter(object? context, int index) => "";
        public string GetGenericTypeParameter(object? context, int index) => "";
    }
}
