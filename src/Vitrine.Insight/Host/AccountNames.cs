using System.Globalization;

namespace Vitrine.Insight.Host;

/// <summary>Names of users and groups of this host, from passwd(5) and group(5).</summary>
/// <param name="hostRoot">Put before /etc; empty for the real host.</param>
public sealed class AccountNames(string hostRoot = "")
{
    private readonly Lazy<IReadOnlyList<Account>> _users = new(() => Read(hostRoot + "/etc/passwd"));
    private readonly Lazy<IReadOnlyList<Account>> _groups = new(() => Read(hostRoot + "/etc/group"));

    /// <summary>The user's name, or null.</summary>
    public string? User(uint id) => _users.Value.FirstOrDefault(account => account.Id == id)?.Name;

    /// <summary>The user's number, by number or name; null where there is no such user.</summary>
    public uint? UserId(string text) => Id(text, _users);

    /// <summary>The group's number, by number or name; null where there is no such group.</summary>
    public uint? GroupId(string text) => Id(text, _groups);

    private static uint? Id(string text, Lazy<IReadOnlyList<Account>> accounts) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : accounts.Value.FirstOrDefault(account => account.Name == text)?.Id;

    private static List<Account> Read(string path)
    {
        var accounts = new List<Account>();
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                if (line.Split(':') is [var name, _, var id, ..] && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    accounts.Add(new Account(name, number));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A host without the file has numbers only.
        }

        return accounts;
    }

    private sealed record Account(string Name, uint Id);
}
