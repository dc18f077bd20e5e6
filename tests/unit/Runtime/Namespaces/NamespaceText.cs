using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Namespaces;

/// <summary>The text of a setup program.</summary>
internal static class NamespaceText
{
    /// <summary>Fails unless the parts are there one behind the other.</summary>
    public static void InOrder(string text, params string[] parts)
    {
        var at = 0;
        foreach (var part in parts)
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' is not there, or comes too early:\n{text}");
            at = found + part.Length;
        }
    }
}
