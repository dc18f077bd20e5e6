using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Json;
using Vitrine.Tests.Unit.Insight;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Explain;

/// <summary>
/// What a person and a script get to see of the sample container. The golden files beside this one are written anew with
/// VITRINE_UPDATE_GOLDEN=1.
/// </summary>
public sealed class ExplanationWriterTests
{
    private static readonly JsonSerializerOptions ByReflection = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        WriteIndented = true,
    };

    [Theory]
    [InlineData("explanation.100.txt", 100, true)]
    [InlineData("explanation.60.ascii.txt", 60, false)]
    public void Write_SampleContainer_IsAsTheGoldenFile(string file, int width, bool unicode) =>
        AssertGolden(file, Render(Sample(), new ExplainStyle { Width = width, Unicode = unicode }));

    [Fact]
    public void Json_SampleContainer_IsAsTheGoldenFile() =>
        AssertGolden("explanation.json", ExplanationJson.Serialize(Sample()) + "\n");

    [Fact]
    public void Json_EveryField_IsWrittenAsByReflection()
    {
        var byReflection = JsonSerializer.Serialize(Sample(), ByReflection);

        Assert.Equal(byReflection, ExplanationJson.Serialize(Sample()));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(132)]
    public void Write_AnyWidth_NoLineIsLonger(int width)
    {
        var lines = Render(Sample(), new ExplainStyle { Width = width }).Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= width, $"{line.Length} columns: {line}"));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void Write_WithoutColour_HasNoEscapeSequence_EvenFromTheContainersEnvironment()
    {
        var text = Render(Sample(), new ExplainStyle());

        Assert.DoesNotContain('\u001b', text);
        Assert.Contains(@"\x1b]0;owned\x07", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WithColour_IsTheSameTextOncePaintIsTakenOff()
    {
        var painted = Render(Sample(), new ExplainStyle { Colour = true });

        Assert.Contains("\u001b[1;31mCRITICAL\u001b[0m", painted, StringComparison.Ordinal);
        Assert.Equal(Render(Sample(), new ExplainStyle()), System.Text.RegularExpressions.Regex.Replace(painted, "\u001b\\[[0-9;]*m", ""));
    }

    [Theory]
    [InlineData("correct horse")]
    [InlineData("s3cr3t")]
    [InlineData("hunter22")]
    [InlineData("npm-secret-1")]
    [InlineData("AB12-CD34-EF56")]
    public void Output_OfEveryForm_NeverHoldsASecret(string secret)
    {
        Assert.DoesNotContain(secret, Render(Sample(), new ExplainStyle { Width = 2000 }), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, ExplanationJson.Serialize(Sample()), StringComparison.Ordinal);
    }

    [Fact]
    public void Reveal_ShowsSecretsInClear()
    {
        using var host = SampleContainer.Host();

        var text = Render(host.Explain(SampleContainer.Pid, reveal: true), new ExplainStyle { Width = 2000 });

        Assert.Contains("correct horse", text, StringComparison.Ordinal);
        Assert.Contains("hunter22", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one two three", 8, "one two|three")]
    [InlineData("", 8, "")]
    [InlineData("abcdefghijkl", 8, "abcdefgh|ijkl")]
    [InlineData("  one two three", 8, "  one|  two|  three")]
    [InlineData("/usr/lib/systemd", 10, "/usr/lib/|systemd")]
    [InlineData("x /usr/lib/systemd/long", 12, "x /usr/lib/|systemd/long")]
    public void Wrap_BreaksAtBlanksOrBehindSeparators(string text, int room, string lines) =>
        Assert.Equal(lines.Split('|'), Paper.Wrap(text, room));

    private static ContainerExplanation Sample()
    {
        using var host = SampleContainer.Host();
        var explanation = host.Explain(SampleContainer.Pid, SampleContainer.HintsWithSpec(host));
        // The specification's path is the only one that names the fake host.
        return explanation with
        {
            Seccomp = explanation.Seccomp with { Facts = WithoutRoot(explanation.Seccomp.Facts, host.Root) },
            Devices = explanation.Devices with { Facts = WithoutRoot(explanation.Devices.Facts, host.Root) },
        };
    }

    private static List<Fact> WithoutRoot(IReadOnlyList<Fact> facts, string root) =>
        [.. facts.Select(fact => fact with { Source = fact.Source.Replace(root, "/bundle", StringComparison.Ordinal) })];

    private static string Render(ContainerExplanation explanation, ExplainStyle style)
    {
        using var output = new StringWriter();
        ExplanationWriter.Write(output, explanation, style, null);
        return output.ToString();
    }

    private static void AssertGolden(string name, string actual, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, name);
        if (Environment.GetEnvironmentVariable("VITRINE_UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, actual);
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
