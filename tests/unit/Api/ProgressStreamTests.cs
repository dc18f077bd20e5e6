using System.Text;
using Microsoft.AspNetCore.Http;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Xunit;

namespace Vitrine.Tests.Unit.Api;

public sealed class ProgressStreamTests
{
    [Fact]
    public async Task RunAsync_FailsAtOnceAfterALine_TellsItInTheStream()
    {
        var answer = await RunAsync(progress =>
        {
            progress.Status("Pulling from library/x");
            throw new VitrineException(ErrorKind.Unavailable, "no such host");
        });

        Assert.Equal("""
            {"status":"Pulling from library/x"}
            {"errorDetail":{"message":"no such host"},"error":"no such host"}

            """, answer);
    }

    [Fact]
    public async Task RunAsync_FailsBeforeAnyLine_Throws() =>
        await Assert.ThrowsAsync<VitrineException>(() => RunAsync(_ => throw new VitrineException(ErrorKind.Invalid, "no such image")));

    private static async Task<string> RunAsync(Func<ProgressStream, Task> work)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Response.Body = body;
        await ProgressStream.RunAsync(new ApiRequest(http, RequestTarget.Parse("/images/create"), new Dictionary<string, string>(), services: null!), work);
        return Encoding.UTF8.GetString(body.ToArray());
    }
}
