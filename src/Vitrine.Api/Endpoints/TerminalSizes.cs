using Vitrine.Api.Routing;

namespace Vitrine.Api.Endpoints;

/// <summary>The h and w of a resize.</summary>
internal static class TerminalSizes
{
    /// <exception cref="VitrineException">Invalid: missing, or no size.</exception>
    public static (ushort Rows, ushort Columns) Of(RequestTarget query) => (One(query, "h"), One(query, "w"));

    private static ushort One(RequestTarget query, string name) => ushort.TryParse(query[name], out var size)
        ? size
        : throw new VitrineException(ErrorKind.Invalid, $"invalid resize {(name == "h" ? "height" : "width")} \"{query[name]}\": invalid syntax");
}
