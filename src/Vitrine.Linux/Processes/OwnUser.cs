using Vitrine.Linux.Proc;

namespace Vitrine.Linux;

/// <summary>Who this process is.</summary>
public static class OwnUser
{
    /// <summary>The effective user as those see him who are outside of that namespace (user_namespaces(7)).</summary>
    public static uint Outside
    {
        get
        {
            var own = ThisProcess.UserId;
            foreach (var line in File.ReadLines("/proc/self/uid_map"))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length == 3 && uint.TryParse(words[0], out var inside) && uint.TryParse(words[1], out var outside)
                    && uint.TryParse(words[2], out var count) && own >= inside && own - inside < count)
                    return outside + (own - inside);
            }

            return own;
        }
    }

    /// <summary>Whether the process is in a user namespace other than the first one, where not every user is mapped.</summary>
    public static bool IsInUserNamespace =>
        KernelFile.Read("/proc/self/uid_map") is { } map
        && map.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is not ["0", "0", "4294967295"];
}
