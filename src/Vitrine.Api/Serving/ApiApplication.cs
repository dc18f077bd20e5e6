using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Vitrine.Api.Endpoints;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;

namespace Vitrine.Api.Serving;

/// <summary>What the HTTP server calls for each request: finds the operation, runs it, and answers its failure.</summary>
internal sealed class ApiApplication(ApiServices services) : IHttpApplication<HttpContext>, IDisposable
{
    private readonly Router _router = Operations.All();
    private readonly IdleMemory _idle = new();

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <summary>Nothing is held for a request beyond its end.</summary>
    public void DisposeContext(HttpContext context, Exception? exception) => _idle.Worked();

    public void Dispose() => _idle.Dispose();

    public async Task ProcessRequestAsync(HttpContext context)
    {
        if (services.Audit is not { } audit)
        {
            await AnswerAsync(context).ConfigureAwait(false);
            return;
        }
        var started = services.Time.GetTimestamp();
        var caller = AuditLog.Identify(context.Features);
        await AnswerAsync(context).ConfigureAwait(false);
        audit.Write(caller, context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget, context.Response.StatusCode, started,
            context.Items[AuditBody.Key] as string);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        CommonHeaders.Add(context.Response.Headers);
        try
        {
            await ServeAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: nobody is there to be told.
            services.Log.Debug($"{context.Request.Method} {context.Request.Path}: {e.Message}");
        }
        catch (Exception e)
        {
            await FailAsync(context, e).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var target = RequestTarget.Parse(raw);
        // As docker answers it, whatever the path is.
        if (context.Request.Method == HttpMethods.Options)
            return;
        if (_router.Find(context.Request.Method, target.Segments) is not var (route, values))
            throw new VitrineException(ErrorKind.NotFound, "page not found");
        await route.Handler(new ApiRequest(context, target, values, services)).ConfigureAwait(false);
    }

    private async Task FailAsync(HttpContext context, Exception error)
    {
        var status = ApiErrors.Status(error);
        if (status >= StatusCodes.Status500InternalServerError)
            services.Log.Error($"{context.Request.Method} {context.Request.Path}: {(error is VitrineException ? error.Message : error.ToString())}");
        if (context.Response.HasStarted)
        {
            // Too late to say: breaking the connection off is the one sign left.
            context.Abort();
            return;
        }
        context.Response.Clear();
        CommonHeaders.Add(context.Response.Headers);
        context.Response.StatusCode = status;
        if (context.Request.Method == HttpMethods.Head)
            return;
        context.Response.ContentType = "application/json";
        JsonLine.Write(context.Response.BodyWriter, new ErrorBody { Message = ApiErrors.Message(error) }, ApiJson.Default.ErrorBody);
        await context.Response.BodyWriter.FlushAsync().ConfigureAwait(false);
    }
}
