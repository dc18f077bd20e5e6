using System.Globalization;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Host;
using Vitrine.Insight.View;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Ps;

/// <summary>The filters of <c>vitrine host ps</c>: of one name any value fits, of different names all must.</summary>
internal sealed class HostFilter
{
    private static readonly string[] Names = ["engine", "id", "image", "name", "namespace", "pid", "pod", "role", "user"];

    private readonly Dictionary<string, IReadOnlyList<string>> filters;

    /// <exception cref="VitrineException">Invalid: an unknown name, or a value that can never be.</exception>
    public HostFilter(IEnumerable<Filter> filters)
    {
        this.filters = Filter.ToMap(filters);
        foreach (var (name, values) in this.filters)
        {
            if (Array.IndexOf(Names, name) < 0)
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}': there are {string.Join(", ", Names)}");
            foreach (var value in values)
            {
                if (!IsPossible(name, value))
                    throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}={value}': {Expected(name)}");
            }
        }
    }

    /// <summary>The processes that pass, and their containers' supervisors.</summary>
    public IReadOnlyList<HostViewProcess> Apply(IReadOnlyList<HostViewProcess> processes)
    {
        if (filters.Count == 0)
            return processes;
        var kept = new HashSet<int>();
        foreach (var process in processes)
        {
            if (!Passes(process))
                continue;
            kept.Add(process.Pid);
            if (process.Container!.Supervisor is { } supervisor)
                kept.Add(supervisor.Pid);
        }

        return processes.Where(process => kept.Contains(process.Pid)).ToList();
    }

    private bool Passes(HostViewProcess process)
    {
        if (process.Container is not { } container)
            return false;
        foreach (var (name, values) in filters)
        {
            if (!values.Any(value => Fits(process, container, name, value)))
                return false;
        }

        return true;
    }

    private static bool Fits(HostViewProcess process, HostContainer container, string name, string value) => name switch
    {
        "engine" => container.Engine == value,
        "id" => container.Id?.StartsWith(value, StringComparison.Ordinal) == true,
        "image" => container.Image is { } image && (image == value || image.StartsWith(value + ":", StringComparison.Ordinal) || image.EndsWith("/" + value, StringComparison.Ordinal) || image.Contains($"/{value}:", StringComparison.Ordinal)),
        "name" => container.Name?.Contains(value, StringComparison.Ordinal) == true,
        "pid" => process.Pid.ToString(CultureInfo.InvariantCulture) == value,
        "pod" => container.Kubernetes is { } place && (place.Pod == value || place.PodUid == value),
        "role" => HostRow.RoleOf(process) == value,
        "user" => process.HostUser == value || process.ContainerUser == value || process.HostUid.ToString(CultureInfo.InvariantCulture) == value,
        _ => InNamespace(process, value),
    };

    /// <summary>4026532181, net:4026532181, or net:[4026532181] as the kernel writes it.</summary>
    private static bool InNamespace(HostViewProcess process, string value)
    {
        var (kind, inode) = Namespace(value);
        foreach (var known in NamespaceId.Kinds)
        {
            if ((kind is null || kind == NamespaceId.FileName(known)) && process.Process.Namespace(known) == inode)
                return true;
        }

        return false;
    }

    private static (string? Kind, ulong Inode) Namespace(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var digits = value.AsSpan(colon + 1).Trim("[]");
        return (colon < 0 ? null : value[..colon], ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var inode) ? inode : 0);
    }

    private static bool IsPossible(string name, string value) => name switch
    {
        "engine" => HostContainer.IsEngine(value),
        "role" => Enum.TryParse<MemberRole>(value, ignoreCase: true, out _),
        "namespace" => Namespace(value).Inode != 0,
        _ => value.Length > 0,
    };

    private static string Expected(string name) => name switch
    {
        "engine" => "engines are vitrine, docker, podman, containerd, cri-o, systemd-nspawn, lxc, bubblewrap, runc, crun, unknown and none",
        "role" => "roles are first, child and joined",
        "namespace" => "expected an inode, alone or as in net:[4026531840]",
        _ => "expected a value",
    };
}
