using System.Text;
using System.Text.Json;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>The server beside docker's specification of the Engine API, operation by operation.</summary>
public sealed class ConformanceTests(ConformanceSandbox box) : IClassFixture<ConformanceSandbox>
{
    [Fact]
    public void Answers_HaveTheFormOfTheSpecification()
    {
        var problems = new List<string>();
        foreach (var container in ConformanceSandbox.Containers)
        {
            foreach (var what in new[] { "json?size=1", "json", "stats?stream=0", "changes" })
                problems.AddRange(Look("GET", $"/containers/{container}/{what}"));
        }
        problems.AddRange(Look("GET", "/containers/running/top"));
        foreach (var path in new[]
        {
            "/containers/json?all=1&size=1", "/images/json?all=1&shared-size=1", "/images/busybox/json", "/images/busybox/history", "/info", "/version", "/system/df",
            "/networks", "/networks/net", "/volumes", "/volumes/bound",
        })
        {
            problems.AddRange(Look("GET", path));
        }
        foreach (var (method, path, body) in new (string, string, string?)[]
        {
            ("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"NetworkMode":"none"}}"""), ("POST", "/containers/terminal/update", """{"PidsLimit":60}"""),
            ("POST", "/containers/exited/wait", null), ("POST", "/commit?container=exited&repo=committed", "{}"), ("DELETE", "/images/committed", null),
            ("POST", "/volumes/create", "{}"), ("POST", "/networks/create", """{"Name":"another"}"""),
            ("POST", "/containers/prune?filters={\"label\":[\"none\"]}", null), ("POST", "/images/prune", null), ("POST", "/volumes/prune", null),
            ("POST", "/networks/prune", null),
        })
        {
            problems.AddRange(Look(method, path, body));
        }
        problems.AddRange(Execs());
        problems.AddRange(Events());
        Assert.Empty(problems.Distinct());
    }

    [Fact]
    public void EveryOperation_IsThere()
    {
        foreach (var operation in EngineApi.Operations)
        {
            var parts = operation.Name.Split(' ');
            var path = parts[1].Replace("{id}", "nothing", StringComparison.Ordinal).Replace("{name}", "nothing", StringComparison.Ordinal);
            var (status, text) = Ask(parts[0], path.StartsWith("/events", StringComparison.Ordinal) ? "/events?until=1" : path + (path.EndsWith("/prune", StringComparison.Ordinal) ? "?filters={" : ""));
            Assert.DoesNotContain("page not found", text, StringComparison.Ordinal);
            Assert.True(status is < 500 or 501 or 503, $"{operation.Name}: {status} {text}");
            if (status >= 400 && parts[0] != "HEAD")
                Assert.Equal(["message"], JsonDocument.Parse(text).RootElement.EnumerateObject().Select(field => field.Name));
        }
    }

    [Theory]
    [InlineData("/v1.24", "Aliases,VirtualSize,ContainerConfig,Config.Hostname,KernelMemory,BridgeNfIptables,Expected,Nondistributable,-1")]
    [InlineData("/v1.41", "Aliases,VirtualSize,ContainerConfig,Config.Hostname,KernelMemory,BridgeNfIptables,Expected,Nondistributable,-1")]
    [InlineData("/v1.43", "Aliases,VirtualSize,ContainerConfig,Config.Hostname,BridgeNfIptables,Expected,Nondistributable,-1")]
    [InlineData("/v1.44", "Aliases,DNSNames,ContainerConfig,Config.Hostname,BridgeNfIptables,Expected,Nondistributable,-1")]
    [InlineData("/v1.46", "DNSNames,Annotations,Config.Hostname,BridgeNfIptables,Expected,Nondistributable,-1")]
    [InlineData("/v1.48", "DNSNames,GwPriority,Annotations,Descriptor,Config.Hostname,BridgeNfIptables,Expected,-1")]
    [InlineData("/v1.50", "DNSNames,GwPriority,Annotations,Descriptor,-1")]
    [InlineData("/v1.51", "DNSNames,GwPriority,Annotations,Descriptor")]
    public void Fields_ComeAndGoWithTheVersion(string version, string fields)
    {
        var endpoint = box.Get($"{version}/containers/running/json").GetProperty("NetworkSettings").GetProperty("Networks").GetProperty("net");
        var listed = box.Get($"{version}/containers/json").EnumerateArray().First(one => one.GetProperty("Names")[0].GetString() == "/running");
        var (image, info) = (box.Get($"{version}/images/busybox/json"), box.Get($"{version}/info"));
        var (summary, inspected) = (box.Get($"{version}/images/json")[0], box.Get($"{version}/containers/running/json"));
        var found = new List<string>();
        void Add(bool isThere, string name) => found.AddRange(isThere ? [name] : []);

        Add(endpoint.GetProperty("Aliases").EnumerateArray().Any(alias => alias.GetString() == inspected.GetProperty("Id").GetString()![..12]), "Aliases");
        Add(endpoint.TryGetProperty("DNSNames", out _), "DNSNames");
        Add(endpoint.TryGetProperty("GwPriority", out _), "GwPriority");
        Add(listed.GetProperty("HostConfig").TryGetProperty("Annotations", out _), "Annotations");
        Add(image.TryGetProperty("VirtualSize", out _) && summary.TryGetProperty("VirtualSize", out _), "VirtualSize");
        Add(image.TryGetProperty("ContainerConfig", out _) && image.TryGetProperty("Container", out _), "ContainerConfig");
        Add(image.TryGetProperty("Descriptor", out _), "Descriptor");
        Add(image.GetProperty("Config").TryGetProperty("Hostname", out _), "Config.Hostname");
        Add(info.TryGetProperty("KernelMemory", out _), "KernelMemory");
        Add(info.TryGetProperty("BridgeNfIptables", out _), "BridgeNfIptables");
        Add(info.GetProperty("RuncCommit").TryGetProperty("Expected", out _), "Expected");
        Add(info.GetProperty("RegistryConfig").TryGetProperty("AllowNondistributableArtifactsCIDRs", out _), "Nondistributable");
        Add(summary.GetProperty("Containers").GetInt64() == -1, "-1");

        Assert.Equal(fields, string.Join(',', found));
        Assert.Equal("02:42:ac:11:00:09", inspected.GetProperty("Config").GetProperty("MacAddress").GetString());
    }

    /// <summary>Requests and their statuses; each failure has a message.</summary>
    [Theory]
    [MemberData(nameof(ConformanceTable.Rows), MemberType = typeof(ConformanceTable))]
    public void Request_HasItsStatus(string request, string? body, int status, string? says)
    {
        var (method, path) = (request.Split(' ')[0], request.Split(' ')[1]);
        var (answered, text) = Ask(method, path, body);

        Assert.True(answered == status, $"{request}: {answered} {text}");
        if (says is not null)
            Assert.Contains(says, text, StringComparison.Ordinal);
        // Of failures the specification names but a few.
        if (status < 400 && method != "OPTIONS")
            Assert.Contains(status, EngineApi.Of(method, path).Statuses);
        if (status >= 400 && method != "HEAD")
            Assert.Equal(["message"], JsonDocument.Parse(text).RootElement.EnumerateObject().Select(field => field.Name));
    }

    /// <summary>No parameter of the specification goes unasked; those of building come with building.</summary>
    [Fact]
    public void EveryParameter_IsInTheTable()
    {
        var asked = ConformanceTable.Rows.Select(row => row.Data.Item1.Split(' ')).SelectMany(row =>
            (row[1].Contains('?', StringComparison.Ordinal) ? row[1].Split('?')[1].Split('&') : []).Select(parameter => $"{EngineApi.Of(row[0], row[1]).Name} {parameter.Split('=')[0]}")).ToHashSet();
        var all = EngineApi.Operations.Where(operation => !operation.Name.StartsWith("POST /build", StringComparison.Ordinal))
            .SelectMany(operation => operation.Query.Select(parameter => $"{operation.Name} {parameter}"));

        Assert.Empty(all.Except(asked).Except(ConformanceTable.Elsewhere));
    }

    private IEnumerable<string> Look(string method, string path, string? body = null)
    {
        var (status, answer) = box.Send(method, path, body);
        Assert.True(status is 200 or 201, $"{method} {path}: {status} {answer}");
        return EngineApi.Problems(EngineApi.Of(method, path).Name, status, answer);
    }

    private IEnumerable<string> Execs()
    {
        var (status, created) = box.Send("POST", "/containers/running/exec", """{"Cmd":["true"],"AttachStdout":true}""");
        var inspect = $"/exec/{created.GetProperty("Id").GetString()}/json";
        return [.. EngineApi.Problems("POST /containers/{id}/exec", status, created), .. Look("GET", inspect)];
    }

    private IEnumerable<string> Events()
    {
        var (_, text) = Ask("GET", $"/events?since=1&until={DateTimeOffset.UtcNow.ToUnixTimeSeconds()}");
        Assert.NotEmpty(text);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line => EngineApi.Problems("GET /events", 200, JsonDocument.Parse(line).RootElement));
    }

    private (int Status, string Text) Ask(string method, string path, string? body = null)
    {
        using var client = box.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, body.StartsWith('{') || body.StartsWith('"') ? "application/json" : "application/x-tar");
        using var answer = client.SendAsync(request).Result;
        return ((int)answer.StatusCode, answer.Content.ReadAsStringAsync().Result);
    }
}
