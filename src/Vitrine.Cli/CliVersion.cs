namespace Vitrine.Cli;

/// <summary>The version of this build, from Directory.Build.props.</summary>
internal static class CliVersion
{
    public static string Text { get; } = typeof(CliVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The version of the Engine API whose shapes the JSON output has.</summary>
    public const string ApiVersion = "1.51";
}
