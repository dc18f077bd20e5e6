using System.Text.Json;
using Vitrine.Images.Archives;
using Vitrine.Oci.Image;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Archives;

public sealed class ImageChangesTests
{
    [Theory]
    [InlineData("CMD [\"nginx\", \"-g\", \"daemon off;\"]", """{"Cmd":["nginx","-g","daemon off;"]}""")]
    [InlineData("cmd nginx -g 'x'", """{"Cmd":["/bin/sh","-c","nginx -g \u0027x\u0027"]}""")]
    [InlineData("ENTRYPOINT [\"/init\"]", """{"Entrypoint":["/init"]}""")]
    [InlineData("ENTRYPOINT [/init]", """{"Entrypoint":["/bin/sh","-c","[/init]"]}""")]
    [InlineData("ENV A=1 B=\"two words\" C=x\\ y", """{"Env":["A=1","B=two words","C=x y"]}""")]
    [InlineData("ENV A the  rest", """{"Env":["A=the  rest"]}""")]
    [InlineData("EXPOSE 80 53/UDP 8000-8001", """{"ExposedPorts":{"53/udp":{},"80/tcp":{},"8000/tcp":{},"8001/tcp":{}}}""")]
    [InlineData("LABEL a.b=c d='e f'", """{"Labels":{"a.b":"c","d":"e f"}}""")]
    [InlineData("ONBUILD RUN make", """{"OnBuild":["RUN make"]}""")]
    [InlineData("STOPSIGNAL SIGQUIT", """{"StopSignal":"SIGQUIT"}""")]
    [InlineData("USER www-data:www", """{"User":"www-data:www"}""")]
    [InlineData("VOLUME [\"/a\", \"/b c\"]", """{"Volumes":{"/a":{},"/b c":{}}}""")]
    [InlineData("VOLUME /a /b", """{"Volumes":{"/a":{},"/b":{}}}""")]
    [InlineData("WORKDIR srv/../app", """{"WorkingDir":"/app"}""")]
    [InlineData("HEALTHCHECK NONE", """{"Healthcheck":{"Test":["NONE"]}}""")]
    [InlineData("HEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 CMD curl -f localhost",
        """{"Healthcheck":{"Test":["CMD-SHELL","curl -f localhost"],"Interval":90000000000,"Timeout":500000000,"Retries":3}}""")]
    [InlineData("HEALTHCHECK CMD [\"true\"]", """{"Healthcheck":{"Test":["CMD","true"]}}""")]
    public void Apply_OfAnInstruction_ChangesTheConfiguration(string change, string expected)
    {
        var config = new ImageConfig { Config = ImageChanges.Apply(new ImageExecution(), [change]) };

        using var json = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(config, ImageJson.Default.ImageConfig));
        using var wanted = JsonDocument.Parse(expected);
        Assert.True(JsonElement.DeepEquals(wanted.RootElement, json.RootElement.GetProperty("config")), json.RootElement.GetRawText());
    }

    [Fact]
    public void Apply_OfSeveral_BuildsOnWhatWasThere()
    {
        var before = new ImageExecution { Env = ["PATH=/bin", "A=0"], WorkingDir = "/srv" };

        var after = ImageChanges.Apply(before, ["ENV A=1 B=2", "WORKDIR sub", "WORKDIR ../other"]);

        Assert.Equal(["PATH=/bin", "A=1", "B=2"], after.Env);
        Assert.Equal("/srv/other", after.WorkingDir);
    }

    [Theory]
    [InlineData("RUN ls", "RUN is not a valid change command")]
    [InlineData("CMD", "requires at least one argument")]
    [InlineData("ENV A", "must have two arguments")]
    [InlineData("ENV A=1 B", "can't find =")]
    [InlineData("ENV =1", "names can not be blank")]
    [InlineData("EXPOSE http", "invalid containerPort: http")]
    [InlineData("EXPOSE 90-80", "invalid containerPort: 90-80")]
    [InlineData("EXPOSE 80/icmp", "invalid proto: icmp")]
    [InlineData("STOPSIGNAL SIGNONE", "invalid signal: SIGNONE")]
    [InlineData("USER a b", "exactly one argument")]
    [InlineData("ONBUILD ONBUILD RUN x", "isn't allowed")]
    [InlineData("ONBUILD FROM x", "isn't allowed")]
    [InlineData("VOLUME [\"\"]", "can not be an empty string")]
    [InlineData("HEALTHCHECK CMD", "Missing command")]
    [InlineData("HEALTHCHECK NONE x", "takes no arguments")]
    [InlineData("HEALTHCHECK PING x", "Unknown type \"PING\"")]
    [InlineData("HEALTHCHECK --interval=5x CMD y", "unknown unit")]
    [InlineData("HEALTHCHECK --interval=5 CMD y", "invalid duration")]
    [InlineData("HEALTHCHECK --interval=999999999999999999999999h CMD y", "invalid duration")]
    [InlineData("HEALTHCHECK --interval=1us CMD y", "cannot be less than 1ms")]
    [InlineData("HEALTHCHECK --retries=0 CMD y", "at least 1")]
    public void Apply_OfNonsense_IsRefused(string change, string reason)
    {
        var error = Assert.Throws<VitrineException>(() => ImageChanges.Apply(new ImageExecution(), [change]));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
