using System.Text.Json.Nodes;
using Vitrine.Api.Routing;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Wire;

/// <summary>What answers looked like in older versions of the API, made from what they look like now.</summary>
internal static class OldVersions
{
    private const int ShortId = 12;

    private static readonly string[] s_texts = ["Hostname", "Domainname", "Image"];
    private static readonly string[] s_commits = ["ContainerdCommit", "RuncCommit", "InitCommit"];
    private static readonly string[] s_flags = ["AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce"];
    private static readonly string[] s_wholeConfig = ["User", "Env", "Cmd", "Volumes", "WorkingDir", "Entrypoint", "OnBuild", "Labels"];

    /// <summary>An entry of GET /images/json.</summary>
    public static void ImageSummary(JsonObject image, ApiVersion version)
    {
        if (!version.Has(43) && image["RepoTags"] is JsonArray { Count: 0 } && image["RepoDigests"] is JsonArray { Count: 0 })
        {
            image["RepoTags"] = new JsonArray("<none>:<none>");
            image["RepoDigests"] = new JsonArray("<none>@<none>");
        }
        if (!version.Has(44))
            image["VirtualSize"] = image["Size"]?.DeepClone();
    }

    /// <summary>GET /images/{name}/json.</summary>
    public static void ImageInspect(JsonObject image, ApiVersion version)
    {
        if (!version.Has(44))
            image["VirtualSize"] = image["Size"]?.DeepClone();
        if (!version.Has(44))
            image["Created"] ??= DockerTime.Zero;
        if (!version.Has(45))
        {
            image["Container"] = "";
            image["ContainerConfig"] = Whole([]);
        }
        if (!version.Has(48))
            image.Remove("Descriptor");
        if (!version.Has(50) && image["Config"] is JsonObject config)
            image["Config"] = Whole(config);
    }

    /// <summary>GET /system/df.</summary>
    public static void DiskUsage(JsonObject usage, ApiVersion version)
    {
        if (!version.Has(42))
            usage["BuilderSize"] = 0;
        foreach (var image in (usage["Images"] as JsonArray ?? []).OfType<JsonObject>())
            image["VirtualSize"] = image["Size"]?.DeepClone();
    }

    /// <summary>The version since when containers look as they do now.</summary>
    public const int ContainerSince = 48;

    /// <summary>GET /containers/{id}/json.</summary>
    public static void ContainerInspect(JsonObject container, ApiVersion version)
    {
        Container(container, version);
        if (version.Has(45) || container["NetworkSettings"]?["Networks"] is not JsonObject networks)
            return;
        // The short id and the host name were names of the container's own once; since then they are in DNSNames alone.
        string[] own = [container["Id"]!.GetValue<string>()[..ShortId], container["Config"]?["Hostname"]?.GetValue<string>() ?? ""];
        foreach (var (name, endpoint) in networks)
        {
            if (name is not ("bridge" or "host" or "none" or "default") && endpoint is JsonObject settings)
                settings["Aliases"] = new JsonArray([.. (settings["Aliases"] as JsonArray ?? []).Select(alias => alias!.GetValue<string>()).Concat(own).Distinct().Select(alias => (JsonNode)alias)]);
        }
    }

    /// <summary>GET /containers/{id}/json and an entry of GET /containers/json: what newer versions have beside.</summary>
    public static void Container(JsonObject container, ApiVersion version)
    {
        if (!version.Has(48))
            container.Remove("ImageManifestDescriptor");
        if (!version.Has(46) && container["HostConfig"] is JsonObject host && container.ContainsKey("State") && !container.ContainsKey("Config"))
            host.Remove("Annotations");
        if (container["NetworkSettings"]?["Networks"] is not JsonObject networks)
            return;
        foreach (var endpoint in networks.Select(network => network.Value).OfType<JsonObject>())
        {
            if (!version.Has(44))
                endpoint.Remove("DNSNames");
            if (!version.Has(48))
                endpoint.Remove("GwPriority");
        }
    }

    /// <summary>GET /info.</summary>
    public static void Info(JsonObject info, ApiVersion version)
    {
        if (!version.Has(42))
        {
            info["KernelMemory"] = false;
            info["KernelMemoryTCP"] = false;
        }
        if (!version.Has(47) && info["RegistryConfig"] is JsonObject registries)
        {
            registries["AllowNondistributableArtifactsCIDRs"] = null;
            registries["AllowNondistributableArtifactsHostnames"] = null;
        }
        foreach (var name in version.Has(49) ? [] : s_commits)
        {
            if (info[name] is JsonObject commit)
                commit["Expected"] = commit["ID"]?.DeepClone();
        }
        if (!version.Has(50))
        {
            info["BridgeNfIptables"] = info["BridgeNfIptables"] ?? false;
            info["BridgeNfIp6tables"] = info["BridgeNfIp6tables"] ?? false;
        }
        if (!version.Has(25) && info["SecurityOptions"] is JsonArray options)
            info["SecurityOptions"] = new JsonArray([.. options.Select(option => (JsonNode)Bare(option!.GetValue<string>()))]);
    }

    /// <summary>The settings of an image with every field that a container's have.</summary>
    private static JsonObject Whole(JsonObject config)
    {
        var whole = new JsonObject();
        foreach (var name in s_texts)
            whole[name] = "";
        foreach (var name in s_flags)
            whole[name] = false;
        foreach (var name in s_wholeConfig)
            whole[name] = name is "User" or "WorkingDir" ? "" : null;
        foreach (var (name, value) in config)
            whole[name] = value?.DeepClone();
        return whole;
    }

    /// <summary>name=seccomp,profile=default was seccomp once.</summary>
    private static string Bare(string option) => option.StartsWith("name=", StringComparison.Ordinal) ? option["name=".Length..].Split(',')[0] : option;
}
