namespace Vitrine.Linux;

/// <summary>
/// The devices a cgroup may use, as the v1 controller keeps them (cgroup-v1/devices.rst): everything or nothing, and exceptions.
/// The v2 filter is made from the same list, so that both versions let the same through.
/// </summary>
public sealed class DeviceList
{
    private readonly Dictionary<(DeviceKind Kind, uint? Major, uint? Minor), DeviceAccess> _exceptions = [];

    /// <summary>Whether what is no exception is allowed; a new list allows nothing.</summary>
    public bool AllowsByDefault { get; private set; }

    /// <summary>The default, then the exceptions to it, in the order in which they came.</summary>
    public IReadOnlyList<DevicePermission> Rules
    {
        get
        {
            var rules = new List<DevicePermission>(_exceptions.Count + 1) { DevicePermission.Everything(AllowsByDefault) };
            foreach (var ((kind, major, minor), access) in _exceptions)
                rules.Add(new(!AllowsByDefault, kind, major, minor, access));
            return rules;
        }
    }

    /// <summary>Applies one more rule.</summary>
    /// <returns>
    /// Null, or the exception out of which it would take a part, which neither version can do: the kernel would ignore such a
    /// rule on v1, in silence.
    /// </returns>
    public DevicePermission? Apply(DevicePermission rule)
    {
        if (rule.Kind == DeviceKind.Any)
        {
            AllowsByDefault = rule.Allow;
            _exceptions.Clear();
            return null;
        }

        var key = (rule.Kind, rule.Major, rule.Minor);
        if (rule.Allow != AllowsByDefault)
        {
            _exceptions[key] = _exceptions.GetValueOrDefault(key) | rule.Access;
            return null;
        }

        foreach (var wider in (ReadOnlySpan<(DeviceKind, uint?, uint?)>)[(rule.Kind, null, rule.Minor), (rule.Kind, rule.Major, null), (rule.Kind, null, null)])
            if (wider != key && _exceptions.TryGetValue(wider, out var access) && (access & rule.Access) != 0)
                return new(!rule.Allow, wider.Item1, wider.Item2, wider.Item3, access);
        if (_exceptions.TryGetValue(key, out var had))
        {
            if ((had & ~rule.Access) is var rest and not DeviceAccess.None)
                _exceptions[key] = rest;
            else
                _exceptions.Remove(key);
        }

        return null;
    }
}
