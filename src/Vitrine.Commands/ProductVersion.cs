namespace Vitrine.Commands;

/// <summary>The version of this build, from Directory.Build.props.</summary>
public static class ProductVersion
{
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The version of the Engine API whose shapes the JSON output has.</summary>
    public const string ApiVersion = "1.51";

    /// <summary>The oldest one that clients may speak.</summary>
    public const string OldestApiVersion = "1.24";
}
