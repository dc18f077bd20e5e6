using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Vitrine.Tests.Architecture;

/// <summary>Rules on source text that no compiler setting enforces.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 600;

    // Between clone and execve there is no managed heap: the interpreter of setup programs works on raw memory, and so does what starts it.
    private static readonly string[] UnsafeOutsideLinux = ["Vitrine.Runtime/Interpreting/", "Vitrine.Runtime/Launching/Launch.cs"];

    // The child inherits whatever a second thread was doing: a garbage collection in progress makes it wait for ever.
    private static readonly string[] SingleThreaded = ["Vitrine.Linux", "Vitrine.Runtime", "Vitrine.Network", "Vitrine.Shim"];

    [Fact]
    public void Files_AreAtMost600Lines_ButForTables()
    {
        var tooLong = Repository.SourceFiles()
            .Where(file => !file.EndsWith(".data.cs", StringComparison.Ordinal))
            .Select(file => (File: file, Lines: File.ReadLines(Path.Combine(Repository.Source, file)).Count()))
            .Where(file => file.Lines > MaxLines);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void UnsafeBlocks_AreAllowedWhereTheKernelIsCalled()
    {
        var projects = Repository.ProjectFiles
            .Where(file => XDocument.Load(file).Descendants("AllowUnsafeBlocks").Any(property => property.Value == "true"))
            .Select(file => Path.GetFileNameWithoutExtension(file)!);

        Assert.Equal(["Vitrine.Linux", "Vitrine.Runtime"], projects.Order());
    }

    [Fact]
    public void UnsafeCode_IsInLinuxAndTheInterpreter() =>
        Assert.Empty(Containing(UnsafeWord(), file => !file.StartsWith("Vitrine.Linux/", StringComparison.Ordinal) && !IsUnsafeAllowed(file)));

    [Fact]
    public void Imports_AreInLinuxAndTheInterpreter() =>
        Assert.Empty(Containing(Import(), file => !file.StartsWith("Vitrine.Linux/", StringComparison.Ordinal) && !IsUnsafeAllowed(file)));

    [Fact]
    public void ShimAndRuntime_HaveOneThread() =>
        Assert.Empty(Containing(Threading(), file => SingleThreaded.Any(project => file.StartsWith($"{project}/", StringComparison.Ordinal))));

    [Fact]
    public void Libraries_DoNotTouchTheConsole() =>
        Assert.Empty(Containing(ConsoleUse(), file => !file.StartsWith("Vitrine.Cli/", StringComparison.Ordinal)));

    [Fact]
    public void Properties_AreCheckedWithValuesThatDoNotChange() =>
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests/unit"), "*.cs", SearchOption.AllDirectories),
            file => Path.GetFileName(file) != "Properties.cs" && File.ReadAllText(file).Contains("QuickThrowOnFailure", StringComparison.Ordinal));

    private static bool IsUnsafeAllowed(string file) => UnsafeOutsideLinux.Any(start => file.StartsWith(start, StringComparison.Ordinal));

    private static IEnumerable<string> Containing(Regex pattern, Func<string, bool> among) =>
        Repository.SourceFiles().Where(file => among(file) && pattern.IsMatch(Repository.CodeOf(file)));

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeWord();

    [GeneratedRegex(@"\[(?:LibraryImport|DllImport)\b")]
    private static partial Regex Import();

    [GeneratedRegex(@"\basync\b|\bawait\b|\bTask(?:\.|<)|\bThreadPool\b|\bnew Thread\(|\bParallel\.|\bnew (?:System\.Threading\.)?Timer\(")]
    private static partial Regex Threading();

    [GeneratedRegex(@"\bConsole\.")]
    private static partial Regex ConsoleUse();
}
