using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;
using Xunit;

namespace Vitrine.Tests.Unit.Oci.Runtime;

/// <summary>The reader by hand and the serializer must make the same records of the same text.</summary>
public sealed class SpecReaderTests
{
    [Fact]
    public void EveryFieldOfEveryRecord_IsRead()
    {
        var text = JsonSerializer.SerializeToUtf8Bytes((Spec)Fill(typeof(Spec), 0)!, RuntimeJson.Default.Spec);

        // The filler really fills: were a field left out, this test would not see that the reader forgets it.
        Assert.Contains("\"throttleWriteIOPSDevice\":[{\"major\":", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
        AssertSameAsSerializer(text);
    }

    [Theory]
    [InlineData("""{"ociVersion":"1"}""")]
    [InlineData("""{"ociVersion":"1","process":null,"mounts":[],"linux":{"resources":{},"seccomp":null}}""")]
    [InlineData("""{"ociVersion":"1","future":{"a":[1,2,{"b":null}]},"hostname":"a"}""")]
    [InlineData("""{"ociVersion":"1","process":{"cwd":"/","user":{"uid":4294967295},"rlimits":[{"type":"RLIMIT_CORE","soft":18446744073709551615,"hard":0}]}}""")]
    public void SmallSpecs_AreReadAsTheSerializerDoes(string text) => AssertSameAsSerializer(Encoding.UTF8.GetBytes(text));

    /// <summary>The serializer does not: where a field with init is absent it sets the type's default over the record's own.</summary>
    [Fact]
    public void AbsentFields_HaveTheRecordsDefaults()
    {
        var spec = SpecReader.Read("""{"process":{}}"""u8);

        Assert.Equal(new Spec().OciVersion, spec.OciVersion);
        Assert.Equal("/", spec.Process!.Cwd);
        Assert.Equal(new User(), spec.Process.User);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{} {}")]
    [InlineData("""{"hostname":1}""")]
    [InlineData("""{"mounts":[{"source":"x"}]}""")]
    [InlineData("""{"process":{"user":{"uid":-1}}}""")]
    [InlineData("""{"linux":{"seccomp":{"syscalls":[{"names":["a"]}]}}}""")]
    public void Malformed_IsAJsonException(string text) => Assert.ThrowsAny<JsonException>(() => SpecReader.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void EveryProblem_IsToldWithItsPlace()
    {
        var text = """
            {"hostname":1,"hostname":"x","windows":{},"mounts":[{"destination":"/a","options":"ro"},{"source":"x"},7],
             "process":{"terminal":"yes","user":{"uid":-1},"rlimits":[{"type":"A","soft":1},{"type":"B","soft":99999999999999999999}]}}
            """u8.ToArray();

        var message = Assert.ThrowsAny<JsonException>(() => SpecReader.Read(text)).Message;

        foreach (var part in new[]
        {
            "hostname: expected a string", "hostname: is there twice", "windows: is for another platform", "mounts[0].options: expected a list",
            "mounts.destination is missing", "mounts[2]: expected an object", "process.terminal: expected true or false",
            "process.user.uid: expected a number in range", "process.rlimits[1].soft: expected a number in range",
        })
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicates_AreFoundInEveryObject()
    {
        Assert.ThrowsAny<JsonException>(() => SpecReader.Read("""{"annotations":{"a":"1","a":"2"}}"""u8));
        Assert.ThrowsAny<JsonException>(() => SpecReader.Read("""{"root":{"path":"/a","readonly":null,"readonly":true}}"""u8));
        Assert.NotNull(SpecReader.Read("""{"annotations":{"a":"1","b":"1"},"linux":{"sysctl":{"a":"1"}}}"""u8));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(40, false)]
    public void Depth_IsBounded(int depth, bool accepted)
    {
        var text = Encoding.UTF8.GetBytes($$"""{"future":{{new string('[', depth)}}{{new string(']', depth)}}}""");

        Assert.Equal(accepted, Record.Exception(() => SpecReader.Read(text)) is null);
    }

    [Fact]
    public void Size_IsBounded()
    {
        var text = new byte[SpecReader.LargestConfiguration + 1];
        text.AsSpan().Fill((byte)' ');
        "{}"u8.CopyTo(text);

        Assert.ThrowsAny<JsonException>(() => SpecReader.Read(text));
        Assert.NotNull(SpecReader.Read(text.AsSpan()[..^1]));
    }

    [Fact]
    public void FieldsOfOneObject_AreBounded()
    {
        static byte[] Map(int fields) =>
            Encoding.UTF8.GetBytes($$$"""{"annotations":{{{{string.Join(',', Enumerable.Range(0, fields).Select(i => $"\"{i}\":\"\""))}}}}}""");

        Assert.NotNull(SpecReader.Read(Map(4096)));
        Assert.ThrowsAny<JsonException>(() => SpecReader.Read(Map(4097)));
    }

    [Fact]
    public void AnyDamage_IsReadAsTheSerializerDoesOrRefused()
    {
        var text = JsonSerializer.SerializeToUtf8Bytes((Spec)Fill(typeof(Spec), 0)!, RuntimeJson.Default.Spec);
        var damage = Gen.Zip(Gen.Choose(0, text.Length - 1), Gen.Elements("\"{}[],:0n\u0000e\\"u8.ToArray()));
        Prop.ForAll(damage.ToArbitrary(), hit =>
        {
            var damaged = text.ToArray();
            damaged[hit.Item1] = hit.Item2;
            try
            {
                SpecReader.Read(damaged);
            }
            catch (JsonException)
            {
                // Refusing is right; any other exception is what this test looks for.
            }
        }).QuickCheckThrowOnFailure();
    }

    private static void AssertSameAsSerializer(byte[] text)
    {
        var expected = JsonSerializer.Deserialize(text, RuntimeJson.Default.Spec)!;
        var ours = JsonSerializer.SerializeToNode(SpecReader.Read(text), RuntimeJson.Default.Spec)!;
        var theirs = JsonSerializer.SerializeToNode(expected with { Unknown = null }, RuntimeJson.Default.Spec)!;

        Assert.True(JsonNode.DeepEquals(theirs, ours), $"expected {theirs}\nbut got {ours}");
    }

    /// <summary>A value of a record type with something in every property, different everywhere.</summary>
    private static object? Fill(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return $"text-é-{depth}";
        if (type == typeof(bool))
            return true;
        if (type.IsPrimitive)
            return Convert.ChangeType(100 + depth, type, null);
        if (type == typeof(JsonElement))
            return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return FillList(type.GetGenericArguments()[0], depth);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return FillMap(type.GetGenericArguments()[1], depth);
        var value = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        var number = depth;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanWrite && property.Name != "Unknown")
                property.SetValue(value, Fill(property.PropertyType, ++number));
        }
        return value;
    }

    private static IList FillList(Type item, int depth)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        list.Add(Fill(item, depth + 10));
        list.Add(Fill(item, depth + 20));
        return list;
    }

    private static IDictionary FillMap(Type item, int depth)
    {
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), item))!;
        map.Add("key", Fill(item, depth + 10));
        return map;
    }
}
