using System.Reflection;
using System.Reflection.Emit;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Abi;

/// <summary>Sizes, offsets and values as our own code has them, private ones too.</summary>
internal static class ManagedLayout
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static Type[] Types { get; } =
    [
        .. typeof(Vitrine.Linux.Errno).Assembly.GetTypes(),
        .. typeof(Vitrine.Runtime.SetupCompiler).Assembly.GetTypes(),
    ];

    /// <summary>A type by its full name without "Vitrine.", e.g. <c>Linux.Terminal+Winsize</c>.</summary>
    public static Type Find(string name)
    {
        var type = Array.Find(Types, candidate => candidate.FullName == $"Vitrine.{name}");
        Assert.True(type is not null, $"there is no type Vitrine.{name}: correct KernelDeclarations");
        return type;
    }

    public static int SizeOf(Type type)
    {
        var method = new DynamicMethod("size", typeof(int), [], typeof(ManagedLayout), skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Sizeof, type);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, null)!;
    }

    public static int OffsetOf(FieldInfo field)
    {
        var method = new DynamicMethod("offset", typeof(int), [], typeof(ManagedLayout), skipVisibility: true);
        var il = method.GetILGenerator();
        var local = il.DeclareLocal(field.DeclaringType!);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, null)!;
    }

    public static IEnumerable<FieldInfo> FieldsOf(Type type) => type.GetFields(Everything).Where(field => !field.IsStatic);

    /// <summary>Integral constants and enum members.</summary>
    public static IEnumerable<(string Name, object Value)> ConstantsOf(Type type) =>
        type.GetFields(Everything).Where(field => field.IsLiteral)
            .Select(field => (field.Name, field.GetRawConstantValue()!))
            .Where(constant => constant.Item2 is byte or sbyte or short or ushort or int or uint or long or ulong or nint or nuint);

    /// <summary>The structs that could be the kernel's: plain ones, neither records nor readonly nor on the stack only.</summary>
    public static IEnumerable<Type> PlainStructs() => Types.Where(type => type is { IsValueType: true, IsEnum: false, IsByRefLike: false, IsPrimitive: false }
        && !type.IsGenericType && !type.FullName!.Contains('<')
        && type.GetMethod("PrintMembers", Everything) is null
        && type.CustomAttributes.All(attribute => attribute.AttributeType.Name is not ("IsReadOnlyAttribute" or "CompilerGeneratedAttribute" or "InlineArrayAttribute")));
}
