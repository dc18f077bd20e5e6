using Vitrine.Api.Routing;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Wire;

/// <summary>
/// What requests meant in older versions of the API, made into what they mean now: fields that a version did not have are left
/// out, and what was the default then is asked for, unless that is weaker than what is the default now: cgroup namespaces stay
/// private, and read-only mounts read-only with all below them. The API's version history (moby, docs/api/version-history.md) says since when.
/// </summary>
internal static class OldRequests
{
    /// <summary>The body of POST /containers/create, and what the client is to be warned of.</summary>
    /// <exception cref="VitrineException">Invalid, in docker's words: a field that the version does not have.</exception>
    public static (ContainerCreateRequest Request, string? Warning) Create(ContainerCreateRequest request, ApiVersion version)
    {
        var host = Host(request.HostConfig ?? new HostConfig(), version);
        var endpoints = Endpoints(request.NetworkingConfig?.EndpointsConfig, version);
        var health = version.Has(44) ? request.Healthcheck : request.Healthcheck is { } check ? check with { StartInterval = 0 } : null;
        request = request with { HostConfig = host, Healthcheck = health };
        if (endpoints is not null)
            request = request with { NetworkingConfig = new NetworkingConfig { EndpointsConfig = endpoints } };
        if (request.MacAddress is not { Length: > 0 } mac)
            return (request, null);
        return (WithEndpointMac(request, mac), version.Has(44) ? "The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead." : null);
    }

    /// <summary>The body of POST /containers/{id}/update.</summary>
    public static HostConfig Update(HostConfig changes, ApiVersion version) => version.Has(40) ? changes : changes with { PidsLimit = null };

    /// <summary>The body of POST /containers/{id}/exec.</summary>
    public static ExecConfig Exec(ExecConfig exec, ApiVersion version) => version.Has(42) ? exec : exec with { ConsoleSize = null };

    private static HostConfig Host(HostConfig host, ApiVersion version)
    {
        host = host with { Mounts = host.Mounts is { } mounts ? [.. mounts.Select(mount => Mount(mount, version))] : null };
        if (!version.Has(25))
            host = host with { AutoRemove = false };
        if (!version.Has(40))
            host = host with { KernelMemoryTcp = 0, IpcMode = host.IpcMode.Length > 0 ? host.IpcMode : "shareable" };
        if (!version.Has(42))
            host = host with { ConsoleSize = null };
        if (!version.Has(43))
            host = host with { Annotations = null };
        return host;
    }

    private static Mount Mount(Mount mount, ApiVersion version)
    {
        if (version.Has(42))
            CheckKind(mount);
        else
        {
            mount = mount with
            {
                VolumeOptions = mount.Type == "volume" ? mount.VolumeOptions : null,
                TmpfsOptions = mount.Type == "tmpfs" ? mount.TmpfsOptions : null,
                BindOptions = mount.BindOptions is { } bind ? bind with { CreateMountpoint = false, NonRecursive = bind.NonRecursive && version.Has(40) } : null,
            };
        }
        if (!version.Has(44) && mount.BindOptions is { ReadOnlyForceRecursive: true })
            throw Needs("BindOptions.ReadOnlyForceRecursive", 44);
        if (!version.Has(45) && mount.VolumeOptions is { Subpath.Length: > 0 })
            throw Needs("VolumeOptions.Subpath", 45);
        if (!version.Has(48) && mount.Type == "image")
            throw Needs("Mount type \"Image\"", 48);
        return mount;
    }

    private static void CheckKind(Mount mount)
    {
        var wrong = mount switch
        {
            { VolumeOptions: not null, Type: not "volume" } => "VolumeOptions",
            { BindOptions: not null, Type: not "bind" } => "BindOptions",
            { TmpfsOptions: not null, Type: not "tmpfs" } => "TmpfsOptions",
            _ => null,
        };
        if (wrong is not null)
            throw new VitrineException(ErrorKind.Invalid, $"{wrong} must not be specified on mount type \"{mount.Type}\"");
    }

    private static Dictionary<string, EndpointSettings>? Endpoints(IReadOnlyDictionary<string, EndpointSettings>? asked, ApiVersion version)
    {
        if (asked is null || version.Has(48))
            return null;
        if (!version.Has(44) && asked.Count > 1)
            throw new VitrineException(ErrorKind.Invalid, $"Container cannot be created with multiple network endpoints: {string.Join(", ", asked.Keys)}");
        return asked.ToDictionary(endpoint => endpoint.Key, endpoint => (endpoint.Value ?? new EndpointSettings()) with
        {
            GwPriority = 0,
            MacAddress = version.Has(44) ? endpoint.Value?.MacAddress ?? "" : "",
        });
    }

    /// <summary>The address of the whole container is that of its main network.</summary>
    private static ContainerCreateRequest WithEndpointMac(ContainerCreateRequest request, string mac)
    {
        var mode = request.HostConfig?.NetworkMode is { Length: > 0 } and not "default" ? request.HostConfig.NetworkMode : "bridge";
        if (request.NetworkingConfig?.EndpointsConfig?.GetValueOrDefault(mode) is not { } endpoint)
            return request;
        if (endpoint.MacAddress.Length > 0 && endpoint.MacAddress != mac)
            throw new VitrineException(ErrorKind.Invalid, "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty");
        return request with
        {
            NetworkingConfig = new NetworkingConfig
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>(request.NetworkingConfig.EndpointsConfig) { [mode] = endpoint with { MacAddress = mac } },
            },
        };
    }

    private static VitrineException Needs(string what, int minor) => new(ErrorKind.Invalid, $"{what} needs API v1.{minor} or newer");
}
