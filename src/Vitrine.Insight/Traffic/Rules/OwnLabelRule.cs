using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vitrine.Insight.Traffic.Rules;

/// <summary>
/// A tool sees and touches only what carries its label, which everything it makes gets. Names are resolved once, and the id is what
/// goes to the engine, so that a renamed container cannot slip in between. What can have no label (images) may be looked at and pulled.
/// </summary>
/// <param name="label">The label's name.</param>
/// <param name="value">Its value; may be empty.</param>
public sealed class OwnLabelRule(string label, string value) : TrafficRule
{
    private static readonly string[] s_predefined = ["", "default", "bridge", "none", "private", "shareable", "nat"];

    public override string Option => value.Length == 0 ? $"--own {label}" : $"--own {label}={value}";

    /// <summary>Takes <c>NAME</c> or <c>NAME=VALUE</c>.</summary>
    public static OwnLabelRule Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new OwnLabelRule(text, "") : new OwnLabelRule(text[..equals], text[(equals + 1)..]);
    }

    public override async Task<string?> RefusalAsync(EngineCall call, TrafficBody body, IEngineQuestions engine)
    {
        switch (call.Segments)
        {
            case ["_ping"] or ["version"] or ["info"] or ["auth"] or ["distribution", .., "json"]:
                return null;
            case ["events"] or ["containers", "json"] or ["networks"] or ["volumes"]:
            case ["containers" or "networks" or "volumes", "prune"]:
                return Narrow(call);
            case ["containers" or "networks" or "volumes", "create"]:
                if (await NeighboursAsync(call, body, engine) is { } refusal)
                    return refusal;
                body.AddToMap("Labels", label, value);
                return null;
            case ["commit"]:
                return await CommitAsync(call, engine);
            case ["containers" or "networks" or "volumes", _, ..]:
                return await OfThingAsync(call, engine) ?? await NeighboursAsync(call, body, engine);
            case ["exec", var id, ..]:
                return await OfExecAsync(call, id, engine);
            case ["images", ..]:
                return call.OnlyReads || call.Is("POST", "images", "create") ? null : "images have no owner";
            default:
                return "it reaches beyond what one tool owns";
        }
    }

    // The map form of filters is understood by every version.
    private string? Narrow(EngineCall call)
    {
        var filters = new JsonObject();
        if (call.Parameter("filters") is { Length: > 0 } given)
        {
            using var document = GoJson.TryParse(System.Text.Encoding.UTF8.GetBytes(given));
            if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
                return "its filters are no JSON object";
            foreach (var filter in document.RootElement.EnumerateObject())
            {
                if (filters.ContainsKey(filter.Name))
                    return "its filters name one thing twice";
                filters[filter.Name] = Map(filter.Value);
            }
        }
        var labels = filters["label"] as JsonObject ?? [];
        filters["label"] = null;
        labels[value.Length == 0 ? label : $"{label}={value}"] = true;
        filters["label"] = labels;
        call.SetParameter("filters", filters.ToJsonString());
        return null;
    }

    private static JsonObject Map(JsonElement values)
    {
        var map = new JsonObject();
        foreach (var text in values.ValueKind == JsonValueKind.Object ? values.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.True).Select(entry => entry.Name) : GoJson.Texts(values))
            map[text] = true;
        return map;
    }

    private async Task<string?> OfThingAsync(EngineCall call, IEngineQuestions engine)
    {
        var (kind, name) = (call.Segments[0], call.Segments[1]);
        if (await FindAsync(call, kind, name, engine) is not { } found)
            return null;
        if (!IsOwn(kind, found))
            return kind == "networks" && call.OnlyReads && s_predefined.Contains(name) ? null : $"{name} does not carry the label";
        if (Text(found, "Id") is { } id)
            call.Segments[1] = id;
        return null;
    }

    private async Task<string?> OfExecAsync(EngineCall call, string id, IEngineQuestions engine)
    {
        if (await engine.GetAsync(call.Version ?? "", "exec", id, "json") is not { } exec || Text(exec, "ContainerID") is not { } container)
            return null;
        return await OwnsAsync(call, "containers", container, engine) ? null : "its container does not carry the label";
    }

    private async Task<string?> CommitAsync(EngineCall call, IEngineQuestions engine)
    {
        if (call.Parameter("container") is not { Length: > 0 } container || call.Query.Count(pair => pair.Key == "container") > 1)
            return "it names no container, or several";
        return await OwnsAsync(call, "containers", container, engine) ? null : $"{container} does not carry the label";
    }

    /// <summary>What a new or changed thing is tied to must be owned as well: other containers, volumes, networks.</summary>
    private async Task<string?> NeighboursAsync(EngineCall call, TrafficBody body, IEngineQuestions engine)
    {
        if (call.Segments is not (["containers", "create"] or ["networks", _, "connect" or "disconnect"]))
            return null;
        foreach (var (kind, name) in Neighbours(call, body.Json))
        {
            // A volume that is not there yet is made for the container; any other missing thing is the engine's to complain of.
            if (await FindAsync(call, kind, name, engine) is { } found && !IsOwn(kind, found))
                return $"{name} does not carry the label";
        }
        return null;
    }

    private static IEnumerable<(string Kind, string Name)> Neighbours(EngineCall call, JsonElement request)
    {
        if (call.Segments[0] == "networks")
            return GoJson.All(request, "Container").SelectMany(GoJson.Texts).Select(name => ("containers", name));
        var found = new List<(string, string)>();
        foreach (var host in GoJson.All(request, "HostConfig"))
            AddOfHost(host, found);
        found.AddRange(GoJson.All(request, "NetworkingConfig", "EndpointsConfig").Where(networks => networks.ValueKind == JsonValueKind.Object)
            .SelectMany(networks => networks.EnumerateObject()).Where(network => !s_predefined.Contains(network.Name) && network.Name != "host")
            .Select(network => ("networks", network.Name)));
        return found;
    }

    private static void AddOfHost(JsonElement host, List<(string, string)> found)
    {
        foreach (var name in (ReadOnlySpan<string>)["PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupnsMode", "NetworkMode"])
        {
            foreach (var mode in GoJson.All(host, name).SelectMany(GoJson.Texts))
            {
                if (mode.StartsWith("container:", StringComparison.Ordinal))
                    found.Add(("containers", mode["container:".Length..]));
                else if (name == "NetworkMode" && mode != "host" && !s_predefined.Contains(mode))
                    found.Add(("networks", mode));
            }
        }
        foreach (var name in (ReadOnlySpan<string>)["VolumesFrom", "Links"])
            found.AddRange(GoJson.All(host, name).SelectMany(GoJson.Texts).Select(other => ("containers", other.Split(':')[0])));
        foreach (var bind in GoJson.All(host, "Binds").SelectMany(GoJson.Texts).Where(bind => bind.Contains(':') && char.IsAsciiLetterOrDigit(bind[0])))
            found.Add(("volumes", bind.Split(':')[0]));
        foreach (var mount in GoJson.All(host, "Mounts").Where(mounts => mounts.ValueKind == JsonValueKind.Array).SelectMany(mounts => mounts.EnumerateArray()))
        {
            if (GoJson.All(mount, "Type").SelectMany(GoJson.Texts).Contains("volume"))
                found.AddRange(GoJson.All(mount, "Source").SelectMany(GoJson.Texts).Where(name => name.Length > 0).Select(name => ("volumes", name)));
        }
    }

    private static Task<JsonElement?> FindAsync(EngineCall call, string kind, string name, IEngineQuestions engine) => kind == "containers"
        ? engine.GetAsync(call.Version ?? "", kind, name.TrimStart('/'), "json")
        : engine.GetAsync(call.Version ?? "", kind, name);

    private async Task<bool> OwnsAsync(EngineCall call, string kind, string name, IEngineQuestions engine) =>
        await FindAsync(call, kind, name, engine) is { } found && IsOwn(kind, found);

    private bool IsOwn(string kind, JsonElement thing)
    {
        var labels = kind == "containers" ? GoJson.All(thing, "Config", "Labels") : GoJson.All(thing, "Labels");
        return labels.Where(map => map.ValueKind == JsonValueKind.Object).SelectMany(map => map.EnumerateObject())
            .Any(entry => entry.Name == label && (value.Length == 0 || (entry.Value.ValueKind == JsonValueKind.String && entry.Value.GetString() == value)));
    }

    private static string? Text(JsonElement thing, string name) => GoJson.All(thing, name).SelectMany(GoJson.Texts).FirstOrDefault();
}
