using Vitrine.Insight.Control;

namespace Vitrine.Tests.Unit.Insight.Control;

/// <summary>Control files by name.</summary>
internal sealed class FakeControlFiles(params (string File, string Text)[] files) : IControlFiles
{
    public string? Read(string file) => Array.Find(files, pair => pair.File == file).Text;

    public string? PathOf(string file) => "/fake/" + file;
}
