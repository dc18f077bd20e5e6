using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Commands.Templates;
using Xunit;

namespace Vitrine.Tests.Unit.Commands;

/// <summary>What Go's text/template with docker's functions makes of a template; the expectations were taken from the docker CLI.</summary>
public sealed class TemplateTests
{
    private const string Data = """
        {"Name":"default","Id":"sha256:1","Count":3,"Ratio":1.5,"On":true,"Off":false,"Nothing":null,
         "Env":["A=1","B=2"],"Labels":{"z":"26","a":"1"},"State":{"Status":"running","Pid":42}}
        """;

    [Theory]
    [InlineData("{{.Name}}", "default")]
    [InlineData("{{ .State.Pid }}/{{.State.Status}}", "42/running")]
    [InlineData("{{upper .Name}} {{title .Name}} {{lower \"ABC\"}}", "DEFAULT Default abc")]
    [InlineData("{{pad .Name 2 3}}|", "  default   |")]
    [InlineData("{{truncate .Name 3}} {{truncate .Name 99}}", "def default")]
    [InlineData("{{split .Name \"f\"}} {{join (split .Name \"f\") \"-\"}}", "[de ault] de-ault")]
    [InlineData("{{join .Env \",\"}}", "A=1,B=2")]
    [InlineData("{{println 1 2}}|", "1 2\n|")]
    [InlineData("{{print 1 2 \"a\" \"b\" 3}}", "1 2ab3")]
    [InlineData("{{printf \"%q %v %5s|%-9s|%x\" .Name 3 \"a\" \"b\" 255}}", "\"default\" 3     a|b        |ff")]
    [InlineData("{{range $i,$c := split .Name \"f\"}}{{$i}}={{$c}};{{else}}none{{end}}", "0=de;1=ault;")]
    [InlineData("{{range .Nothing}}x{{else}}none{{end}}", "none")]
    [InlineData("{{range $k, $v := .Labels}}{{$k}}:{{$v}} {{end}}", "a:1 z:26 ")]
    [InlineData("{{range .Env}}{{if eq . \"B=2\"}}{{break}}{{end}}{{.}}{{end}}", "A=1")]
    [InlineData("{{range .Env}}{{if eq . \"A=1\"}}{{continue}}{{end}}{{.}}{{end}}", "B=2")]
    [InlineData("{{range $i := 3}}{{$i}}{{end}}", "012")]
    [InlineData("a {{- /* nothing */ -}} b", "ab")]
    [InlineData("{{/* nothing */}}x", "x")]
    [InlineData("x {{- \"y\" -}}  z", "xyz")]
    [InlineData("{{len .Name}} {{len .Env}} {{len .Labels}}", "7 2 2")]
    [InlineData("{{index .Name 0}} {{index .Env 1}} {{index .Labels \"z\"}}", "100 B=2 26")]
    [InlineData("{{index .Labels \"missing\"}}|{{.Labels.missing}}", "|<no value>")]
    [InlineData("{{1 | printf \"%03d\"}}", "001")]
    [InlineData("{{if and .Name (eq 1 1)}}y{{end}}", "y")]
    [InlineData("{{if .Off}}a{{else if .On}}b{{else}}c{{end}}", "b")]
    [InlineData("{{if .Off}}a{{else if .Off}}b{{else}}c{{end}}", "c")]
    [InlineData("{{with .State}}{{.Pid}}{{end}}{{with .Nothing}}x{{else}}y{{end}}", "42y")]
    [InlineData("{{with $x := \"q\"}}{{$x}}{{else with \"b\"}}d{{end}}", "q")]
    [InlineData("{{with .Off}}{{.}}{{else with \"b\"}}{{.}}{{end}}", "b")]
    [InlineData("{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", "2")]
    [InlineData("{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}", "1")]
    [InlineData("{{eq .Name \"default\" \"b\"}} {{ne 1 2}} {{not 0}} {{or \"\" \"z\"}} {{and 1 0}}", "true true true z 0")]
    [InlineData("{{lt 1 2}} {{le 2 2}} {{gt \"b\" \"a\"}} {{ge 1.5 2.5}}", "true true true false")]
    [InlineData("{{or .On (index .Env 99)}}", "true")]
    [InlineData("{{1.5}} {{0x1f}} {{`raw`}} {{'a'}} {{\"\\u00e9\\t|\"}}", "1.5 31 raw 97 é\t|")]
    [InlineData("{{slice .Name 1 3}} {{slice .Env 1}}", "ef [B=2]")]
    [InlineData("{{html \"<a>\"}} {{urlquery \"a b\"}}", "&lt;a&gt; a+b")]
    [InlineData("{{.Nothing}} {{.Env}} {{.Labels}} {{.Ratio}}", "<no value> [A=1 B=2] map[a:1 z:26] 1.5")]
    [InlineData("{{json .State}} {{json .Name}} {{json .Env}}", "{\"Status\":\"running\",\"Pid\":42} \"default\" [\"A=1\",\"B=2\"]")]
    [InlineData("{{.ID}} {{.STATE.PID}}", "sha256:1 42")]
    [InlineData("{{json \"<é\\\"\"}}", "\"<é\\\"\"")]
    [InlineData("{{(index .Env 0)}} {{(.State).Status}} {{$.Name}}", "A=1 running default")]
    [InlineData("{{.Name | upper | printf \"%s!\"}}", "DEFAULT!")]
    [InlineData("{{printf \"%d\" \"x\"}} {{printf \"%s\"}} {{printf \"a\" 1}}", "%!d(string=x) %!s(MISSING) a%!(EXTRA int=1)")]
    [InlineData("{{printf \"%.2f %5.1f %e %t %c %U%%\" 3.14159 2.25 12345.678 true 65 1}}", "3.14   2.2 1.234568e+04 true A %!U(int=1)%")]
    [InlineData("", "")]
    [InlineData("no action", "no action")]
    public void Execute_Template_WritesWhatGoWrites(string template, string expected) => Assert.Equal(expected, Run(template));

    [Theory]
    [InlineData("{{.Name", ":1: unclosed action")]
    [InlineData("{{foo .Name}}", ":1: function \"foo\" not defined")]
    [InlineData("{{.Name | upper | foo}}", ":1: function \"foo\" not defined")]
    [InlineData("{{if}}", ":1: missing value for if")]
    [InlineData("{{end}}", ":1: unexpected {{end}}")]
    [InlineData("{{else}}", ":1: unexpected {{else}}")]
    [InlineData("{{.Name}", ":1: bad character U+007D '}'")]
    [InlineData("{{\"abc", ":1: unterminated quoted string")]
    [InlineData("{{`abc", ":1: unterminated raw quoted string")]
    [InlineData("{{$x}}", ":1: undefined variable \"$x\"")]
    [InlineData("{{if .Name}}x", ":1: unexpected EOF")]
    [InlineData("{{break}}", ":1: {{break}} outside {{range}}")]
    [InlineData("a\nb {{foo}}", ":2: function \"foo\" not defined")]
    [InlineData("{{/* x", ":1: unclosed comment")]
    [InlineData("{{.Name.Foo}}", ":1:7: executing \"\" at <.Name.Foo>: can't evaluate field Foo in type string")]
    [InlineData("{{.X}}", ":1:2: executing \"\" at <.X>: map has no entry for key \"X\"")]
    [InlineData("{{index .Name}}{{nil}}", ":1:17: executing \"\" at <nil>: nil is not a command")]
    [InlineData("{{lt 1 \"a\"}}", ":1:2: executing \"\" at <lt 1 \"a\">: error calling lt: incompatible types for comparison")]
    [InlineData("{{range .Name}}{{.}}{{end}}", ":1:8: executing \"\" at <.Name>: range can't iterate over default")]
    [InlineData("{{len 3}}", ":1:2: executing \"\" at <len 3>: error calling len: len of type int")]
    [InlineData("{{index (split .Name \"f\") 9}}", ":1:2: executing \"\" at <index (split .Name \"f\") 9>: error calling index: index out of range: 9")]
    [InlineData("{{upper 3}}", ":1:8: executing \"\" at <3>: expected string; found 3")]
    [InlineData("{{upper .Count}}", ":1:8: executing \"\" at <.Count>: wrong type for value; expected string; got int")]
    [InlineData("{{upper}}", ":1:2: executing \"\" at <upper>: wrong number of args for upper: want 1 got 0")]
    [InlineData("{{.Nothing.X}}", ":1:10: executing \"\" at <.Nothing.X>: nil pointer evaluating interface {}.X")]
    [InlineData("{{1 2}}", ":1:2: executing \"\" at <1>: can't give argument to non-function 1")]
    [InlineData("x\n  {{.State.No}}", ":2:10: executing \"\" at <.State.No>: map has no entry for key \"No\"")]
    public void Execute_WrongTemplate_SaysWhereAndWhyAsGoDoes(string template, string expected)
    {
        var error = Assert.Throws<TemplateException>(() => Run(template));

        Assert.Equal("template parsing error: template: " + expected, error.Message);
    }

    [Fact]
    public void Execute_AnyText_EitherWritesOrThrowsTemplateException()
    {
        var pieces = Gen.Elements("{{", "}}", "{{-", "-}}", " ", "\n", ".", ".Name", ".Env", "$", "$x", ":=", "=", ",", "|", "(", ")", "\"a\"", "'a'", "`b`",
            "1", "1.5", "-", "if", "else", "end", "range", "with", "break", "nil", "true", "index", "len", "printf", "json", "/*", "*/", "é", "%d", "\\");
        var templates = Gen.ArrayOf(pieces).Select(string.Concat);

        Prop.ForAll(templates.ToArbitrary(), template =>
        {
            try
            {
                Run(template);
            }
            catch (TemplateException)
            {
                // The one way in which a template may fail.
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Execute_TextWithoutActions_IsWrittenAsItIs()
    {
        Prop.ForAll<NonNull<string>>(text =>
        {
            var plain = text.Get.Replace("{", "", StringComparison.Ordinal);
            return Run(plain) == plain;
        }).QuickCheckThrowOnFailure();
    }

    private static string Run(string template)
    {
        using var document = JsonDocument.Parse(Data);
        using var output = new StringWriter();
        Template.Parse(template).Execute(output, TemplateJson.ToValue(document.RootElement));
        return output.ToString();
    }

    [Theory]
    [InlineData("{{.HostConfig.Binds}}", "[]")]
    [InlineData("{{json .HostConfig.Binds}}", "null")]
    [InlineData("{{len .HostConfig.Binds}}", "0")]
    [InlineData("{{range .HostConfig.Binds}}x{{else}}none{{end}}", "none")]
    [InlineData("{{.Labels}}", "map[]")]
    [InlineData("{{json .Labels}}", "null")]
    public void Execute_NullOfAListOrMap_IsGosEmptyOne(string template, string expected)
    {
        using var document = System.Text.Json.JsonDocument.Parse("""{"HostConfig":{"Binds":null},"Labels":null}""");
        using var text = new StringWriter();

        Template.Parse(template).Execute(text, TemplateJson.ToValue(document.RootElement));

        Assert.Equal(expected, text.ToString());
    }
}
