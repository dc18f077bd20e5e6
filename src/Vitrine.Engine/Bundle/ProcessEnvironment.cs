using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Bundle;

/// <summary>The variables of a container's processes: Docker's defaults, replaced or removed by those of the configuration.</summary>
internal static class ProcessEnvironment
{
    public const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Variables of the first process.</summary>
    public static IReadOnlyList<string> Of(ContainerConfig config, string home)
    {
        var variables = new List<string> { DefaultPath };
        if (config.Hostname.Length > 0)
            variables.Add("HOSTNAME=" + config.Hostname);
        if (config.Tty)
            variables.Add("TERM=xterm");
        Apply(variables, config.Env);
        AddHome(variables, home);
        return variables;
    }

    /// <summary>Variables of a further process: the container's, then the exec's own.</summary>
    public static IReadOnlyList<string> OfExec(ContainerConfig config, ExecConfig exec, string home)
    {
        var variables = new List<string> { DefaultPath, "HOSTNAME=" + config.Hostname };
        if (exec.Tty)
            variables.Add("TERM=xterm");
        Apply(variables, config.Env);
        Apply(variables, exec.Env);
        AddHome(variables, home);
        return variables;
    }

    /// <summary>NAME=value sets; a bare NAME removes.</summary>
    private static void Apply(List<string> variables, IReadOnlyList<string>? changes)
    {
        foreach (var change in changes ?? [])
        {
            var index = variables.FindIndex(known => ConfigMerge.EnvKey(known).SequenceEqual(ConfigMerge.EnvKey(change)));
            if (!change.Contains('=', StringComparison.Ordinal))
            {
                if (index >= 0)
                    variables.RemoveAt(index);
            }
            else if (index >= 0)
            {
                variables[index] = change;
            }
            else
            {
                variables.Add(change);
            }
        }
    }

    private static void AddHome(List<string> variables, string home)
    {
        if (!variables.Exists(variable => variable.StartsWith("HOME=", StringComparison.Ordinal)))
            variables.Add("HOME=" + home);
    }
}
