using Microsoft.AspNetCore.Http;
using Vitrine.Api.Routing;

namespace Vitrine.Api.Http;

/// <summary>Header fields of every answer.</summary>
internal static class CommonHeaders
{
    /// <summary>Each with its line end.</summary>
    public static string Text { get; } =
        $"Api-Version: {ApiVersion.Newest}\r\nDocker-Experimental: false\r\nOstype: linux\r\nServer: {Server}\r\n";

    private static string Server => $"Vitrine/{ProductVersion.Text} (linux)";

    public static void Add(IHeaderDictionary headers)
    {
        headers["Api-Version"] = ApiVersion.Newest.ToString();
        headers["Docker-Experimental"] = "false";
        headers["Ostype"] = "linux";
        headers.Server = Server;
    }
}
