using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>What containerd gave its shim, in the bundle's options.json (runtime/v2/runc/options).</summary>
internal static class ShimOptions
{
    private const string Default = "runc";

    /// <summary>The runtime's name or path; null where there are no options to read.</summary>
    public static string? Runtime(StoreFiles files, string bundle) => files.Read($"{bundle}/options.json", Read);

    private static string Read(ReadOnlySpan<byte> utf8)
    {
        var name = "";
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            if (field is "binary_name" or "BinaryName")
                name = json.Text();
            else
                json.Skip();
        }

        return name.Length > 0 ? name : Default;
    }
}
