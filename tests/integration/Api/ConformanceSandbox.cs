using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>A server with a container in each state, and a network, volumes and an image that they use.</summary>
public sealed class ConformanceSandbox : ApiSandbox
{
    public static readonly string[] Containers = ["created", "running", "terminal", "paused", "exited", "restarting", "failed"];

    public ConformanceSandbox() : base(hasNetwork: true, "busybox")
    {
        try
        {
            Fill();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Creates a container, which has no network where nothing is said.</summary>
    public void Create(string name, string config = "{}")
    {
        var request = JsonNode.Parse(config)!.AsObject();
        request["Image"] = "busybox";
        request["HostConfig"] ??= new JsonObject { ["NetworkMode"] = "none" };
        var (status, answer) = Send("POST", $"/containers/create?name={name}", request.ToJsonString());
        Assert.True(status == 201, $"create {name}: {status} {answer}");
    }

    public void Run(string name, string config = """{"Cmd":["sleep","1000"]}""")
    {
        Create(name, config);
        var (status, answer) = Send("POST", $"/containers/{name}/start");
        Assert.True(status == 204, $"start {name}: {status} {answer}");
    }

    private void Fill()
    {
        Assert.Equal(201, Send("POST", "/networks/create", """{"Name":"net","Labels":{"a":"b"}}""").Status);
        Create("created");
        Run("running", """
            {"Cmd":["sleep","1000"],"Labels":{"x":"y"},"ExposedPorts":{"80/tcp":{}},"Healthcheck":{"Test":["CMD","true"],"Interval":1000000000,"StartInterval":1000000000},
            "HostConfig":{"NetworkMode":"net","PortBindings":{"80/tcp":[{"HostPort":"18080"}]},"Binds":["bound:/data","/tmp:/host:ro"],"Annotations":{"a":"b"},
            "Tmpfs":{"/t":"size=1m"},"Mounts":[{"Type":"volume","Source":"mounted","Target":"/v"},{"Type":"tmpfs","Target":"/t2"}]},
            "NetworkingConfig":{"EndpointsConfig":{"net":{"Aliases":["other"],"MacAddress":"02:42:ac:11:00:09"}}}}
            """);
        Run("terminal", """
            {"Cmd":["sleep","1000"],"Tty":true,"OpenStdin":true,"HostConfig":{"NetworkMode":"none","Privileged":true,"Init":true,"Memory":67108864,"PidsLimit":50,
            "Ulimits":[{"Name":"nofile","Soft":10,"Hard":20}],"LogConfig":{"Type":"json-file","Config":{"max-size":"1m"}}}}
            """);
        Run("paused");
        Assert.Equal(204, Send("POST", "/containers/paused/pause").Status);
        Run("exited", """{"Cmd":["sh","-c","echo one; echo two >&2; exit 3"]}""");
        Assert.Equal(3, Send("POST", "/containers/exited/wait").Body.GetProperty("StatusCode").GetInt32());
        Run("restarting", """{"Cmd":["false"],"HostConfig":{"NetworkMode":"none","RestartPolicy":{"Name":"always"}}}""");
        Create("failed", """{"Cmd":["/nonexistent"]}""");
        Assert.Equal(400, Send("POST", "/containers/failed/start").Status);
        Eventually.True(() => State("running").GetProperty("Health").GetProperty("Status").GetString() == "healthy", "running is healthy");
        Eventually.True(() => State("restarting").GetProperty("Status").GetString() == "restarting", "restarting waits for its next start", 60);
    }

    private JsonElement State(string container) => Get($"/containers/{container}/json").GetProperty("State");
}
