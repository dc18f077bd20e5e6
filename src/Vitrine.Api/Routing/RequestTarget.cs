using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Routing;

/// <summary>What a request asks for: the version of the API, the path's segments and the query, with docker's reading of values.</summary>
internal sealed class RequestTarget
{
    private readonly Dictionary<string, StringValues> _query;

    private RequestTarget(ApiVersion version, string[] segments, Dictionary<string, StringValues> query)
    {
        Version = version;
        Segments = segments;
        _query = query;
    }

    public ApiVersion Version { get; }

    /// <summary>Behind the version, not yet unescaped.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>Reads a path with a query.</summary>
    /// <exception cref="VitrineException">Invalid: a version that is not spoken.</exception>
    public static RequestTarget Parse(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        // A proxy's form, http://host/path, which some clients send over a socket too.
        if (path.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
            path = path.IndexOf('/', scheme + 3) is >= 0 and var root ? path[root..] : "/";
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var version = segments.Length > 0 ? ApiVersion.TryParse(segments[0], segments.Length > 1 ? segments[1] : "") : null;
        var query = question < 0 ? [] : QueryHelpers.ParseQuery(target[question..]);
        return new RequestTarget(version ?? ApiVersion.Newest, version is null ? segments : segments[1..], query);
    }

    /// <summary>The first value of a parameter; empty where it is missing.</summary>
    public string this[string name] => _query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? "" : "";

    public bool Has(string name) => _query.ContainsKey(name);

    /// <summary>Every value of a parameter that may be repeated.</summary>
    public IReadOnlyList<string> All(string name) => _query.TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];

    /// <summary>Docker's flags: everything is true but nothing, 0, no, false and none.</summary>
    public bool Flag(string name, bool whereMissing = false) =>
        Has(name) ? this[name].Trim().ToLowerInvariant() is not ("" or "0" or "no" or "false" or "none") : whereMissing;

    /// <summary>A flag that is one of Go's words for true and false; false where it is missing or empty.</summary>
    /// <exception cref="VitrineException">Invalid: another word.</exception>
    public bool Switch(string name) => this[name] is { Length: > 0 } text && (GoBool.TryParse(text)
        ?? throw new VitrineException(ErrorKind.Invalid, $"invalid value for {name}: {text}: strconv.ParseBool: parsing \"{text}\": invalid syntax"));

    /// <summary>A whole number; null where the parameter is missing or empty.</summary>
    /// <exception cref="VitrineException">Invalid: no number.</exception>
    public long? Number(string name) => this[name] is not { Length: > 0 } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new VitrineException(ErrorKind.Invalid, $"strconv.Atoi: parsing \"{text}\": invalid syntax");

    /// <summary>As <see cref="Number"/>, for what fits an int.</summary>
    public int? Int(string name) => Number(name) is { } number
        ? number is >= int.MinValue and <= int.MaxValue ? (int)number : throw new VitrineException(ErrorKind.Invalid, $"{name}: {number} is out of range")
        : null;

    /// <summary>The filters parameter: name to values.</summary>
    /// <exception cref="VitrineException">Invalid: no JSON that filters can be.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters() => Http.FilterParameter.Parse(this["filters"]);
}
