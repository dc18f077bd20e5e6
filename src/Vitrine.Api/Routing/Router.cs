namespace Vitrine.Api.Routing;

/// <summary>One operation: a method, a path whose {name} is one segment and {name*} one or more, and what serves it.</summary>
internal sealed class Route(string method, string pattern, Func<Http.ApiRequest, Task> handler)
{
    private readonly string[] _pattern = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public string Method => method;

    public string Pattern => pattern;

    public Func<Http.ApiRequest, Task> Handler => handler;

    /// <summary>The values of the path's parameters, or null where it is another path.</summary>
    public Dictionary<string, string>? Match(string asked, IReadOnlyList<string> segments)
    {
        if (asked != method || segments.Count < _pattern.Length)
            return null;
        var values = new Dictionary<string, string>();
        var at = 0;
        for (var i = 0; i < _pattern.Length; i++)
        {
            var part = _pattern[i];
            var taken = part.EndsWith("*}", StringComparison.Ordinal) ? segments.Count - _pattern.Length + 1 : 1;
            if (part[0] != '{')
            {
                if (part != segments[at])
                    return null;
            }
            else
            {
                values[part.Trim('{', '}', '*')] = Uri.UnescapeDataString(string.Join('/', segments.Skip(at).Take(taken)));
            }
            at += taken;
        }
        return at == segments.Count ? values : null;
    }
}

/// <summary>The operations of the API. The first route that matches serves: the more particular ones come first.</summary>
internal sealed class Router
{
    private readonly List<Route> _routes = [];

    public IReadOnlyList<Route> Routes => _routes;

    public void Get(string pattern, Func<Http.ApiRequest, Task> handler) => _routes.Add(new Route("GET", pattern, handler));

    public void Head(string pattern, Func<Http.ApiRequest, Task> handler) => _routes.Add(new Route("HEAD", pattern, handler));

    public void Post(string pattern, Func<Http.ApiRequest, Task> handler) => _routes.Add(new Route("POST", pattern, handler));

    public void Put(string pattern, Func<Http.ApiRequest, Task> handler) => _routes.Add(new Route("PUT", pattern, handler));

    public void Delete(string pattern, Func<Http.ApiRequest, Task> handler) => _routes.Add(new Route("DELETE", pattern, handler));

    /// <summary>Finds who serves a request.</summary>
    public (Route Route, Dictionary<string, string> Values)? Find(string method, IReadOnlyList<string> segments)
    {
        foreach (var route in _routes)
        {
            if (route.Match(method, segments) is { } values)
                return (route, values);
        }
        return null;
    }
}
