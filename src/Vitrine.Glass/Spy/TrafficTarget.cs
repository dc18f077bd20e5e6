using System.Text;
using Vitrine.Insight.Traffic;
using Vitrine.Secrets;

namespace Vitrine.Glass.Spy;

/// <summary>What is called, for people and files: path and parameters, decoded, secrets hidden.</summary>
internal static class TrafficTarget
{
    public static string Shown(Exchange exchange, TrafficMask mask)
    {
        if (exchange.Call is not { } call)
            return mask.Target(exchange.Request.FirstLine.Split(' ').ElementAtOrDefault(1) ?? "");
        var text = new StringBuilder(call.Version is null ? "" : $"/{call.Version}").Append(mask.Line(call.Path));
        for (var i = 0; i < call.Query.Count; i++)
            text.Append(i == 0 ? '?' : '&').Append(call.Query[i].Key).Append('=').Append(mask.Parameter(call.Query[i].Key, call.Query[i].Value));
        return text.ToString();
    }
}
