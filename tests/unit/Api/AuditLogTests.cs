using System.Text.Json;
using Vitrine.Api.Serving;
using Vitrine.Secrets;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Api;

public sealed class AuditLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Marks of direction, which would show the line in another order than it has, and what a terminal obeys.</summary>
    [Theory]
    [InlineData('\u202a')]
    [InlineData('\u202e')]
    [InlineData('\u2066')]
    [InlineData('\u2069')]
    [InlineData('\u200e')]
    [InlineData('\u200f')]
    [InlineData('\u2028')]
    [InlineData('\u009b')]
    [InlineData('\u001b')]
    public void Write_WhatIsNotSeen_IsAnEscape(char mark)
    {
        var path = Path.Join(_directory.Path, "log");
        var (argument, target, body) = ($"docker{mark}été", $"/containers/a{mark}b/start?t={mark}", $$"""{"Image":"{{mark}}"}""");
        using (var log = new AuditLog(path, TimeProvider.System, new TrafficMask(reveal: false)))
            log.Write(new AuditCaller(1, 0, [argument]), "POST", target, 204, 0, body);

        var line = File.ReadAllText(path);
        Assert.DoesNotContain(mark, line);
        Assert.Contains("été", line, StringComparison.Ordinal);
        using var read = JsonDocument.Parse(line);
        Assert.Equal(
            [argument, target, $"a{mark}b", body],
            ((string[])["command", "path", "container", "body"]).Select(name => read.RootElement.GetProperty(name).GetString()));
    }
}
