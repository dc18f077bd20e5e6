namespace Vitrine.Insight.Host;

/// <summary>What a supervisor's own arguments tell of the container that it holds; each may be missing.</summary>
internal sealed record SupervisorLine
{
    public string? Engine { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }

    /// <summary>The directory with config.json, as the supervisor sees it.</summary>
    public string? Bundle { get; init; }

    /// <summary>Where the engine keeps what it knows of the container, as the supervisor sees it.</summary>
    public string? Directory { get; init; }

    /// <summary>The OCI runtime that it calls.</summary>
    public string? Runtime { get; init; }

    /// <summary>Reads arguments; null for a program that supervises nothing, or says nothing of it.</summary>
    /// <param name="command">The supervisor's thread name.</param>
    /// <param name="arguments">Its command line.</param>
    public static SupervisorLine? Parse(string command, IReadOnlyList<string> arguments) => command switch
    {
        "vitrine-shim" => Vitrine(arguments),
        "conmon" or "crio-conmon" => Conmon(arguments),
        "lxc-start" => Lxc(arguments),
        "systemd-nspawn" => Nspawn(arguments),
        _ when command.StartsWith("containerd-shim", StringComparison.Ordinal) => Containerd(arguments),
        _ => null,
    };

    /// <summary><c>vitrine-shim DATA_ROOT/containers/ID/plan.json</c></summary>
    private static SupervisorLine? Vitrine(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || !arguments[1].EndsWith("/plan.json", StringComparison.Ordinal))
            return null;
        var directory = Path.GetDirectoryName(arguments[1])!;
        return new SupervisorLine { Engine = "vitrine", Id = Path.GetFileName(directory), Directory = directory, Bundle = $"{directory}/bundle" };
    }

    /// <summary>conmon(8): -c the id, -n the name, -b the bundle; podman's and CRI-O's alike.</summary>
    private static SupervisorLine Conmon(IReadOnlyList<string> arguments) => new()
    {
        Id = Value(arguments, "-c", "--cid"),
        Name = Value(arguments, "-n", "--name"),
        Runtime = Value(arguments, "-r", "--runtime"),
        Bundle = Value(arguments, "-b", "--bundle"),
        Directory = Value(arguments, "-b", "--bundle"),
    };

    /// <summary><c>containerd-shim-runc-v2 -namespace moby -id ID</c>. One shim may hold all containers of a pod: the id is the pod's.</summary>
    private static SupervisorLine Containerd(IReadOnlyList<string> arguments) => new()
    {
        Engine = Value(arguments, "-namespace", "--namespace") switch { null => null, "moby" => "docker", _ => "containerd" },
        Id = Value(arguments, "-id", "--id"),
    };

    /// <summary>LXC's monitor writes over its arguments: <c>[lxc monitor] /var/lib/lxc NAME</c>.</summary>
    private static SupervisorLine? Lxc(IReadOnlyList<string> arguments)
    {
        var words = string.Join(' ', arguments).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var name = words is ["[lxc", "monitor]", .., var last] ? last : Value(arguments, "-n", "--name");
        return name is null ? null : new SupervisorLine { Engine = "lxc", Id = name, Name = name };
    }

    private static SupervisorLine? Nspawn(IReadOnlyList<string> arguments)
    {
        var name = Value(arguments, "-M", "--machine") ?? Path.GetFileName(Value(arguments, "-D", "--directory")?.TrimEnd('/'));
        return string.IsNullOrEmpty(name) ? null : new SupervisorLine { Engine = "systemd-nspawn", Id = name, Name = name };
    }

    /// <summary>The word behind an option, in each of the forms <c>-n web</c>, <c>-nweb</c> excepted, and <c>--name=web</c>.</summary>
    internal static string? Value(IReadOnlyList<string> arguments, string brief, string whole)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
                return null;
            if ((argument == brief || argument == whole) && i + 1 < arguments.Count)
                return arguments[i + 1];
            if (argument.StartsWith(whole, StringComparison.Ordinal) && argument.Length > whole.Length && argument[whole.Length] == '=')
                return argument[(whole.Length + 1)..];
        }

        return null;
    }
}
