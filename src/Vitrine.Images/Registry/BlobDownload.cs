using System.Net;
using Vitrine.Oci;

namespace Vitrine.Images.Registry;

/// <summary>
/// The bytes of one blob. A connection that breaks or falls silent is replaced by another that goes on where it broke (Range,
/// RFC 9110 section 14), so that whoever hashes the bytes never notices.
/// </summary>
internal sealed class BlobDownload(RegistryClient client, Descriptor blob) : IDisposable
{
    private HttpResponseMessage? _response;
    private Stream? _stream;
    private CancellationTokenSource _timeout = new();
    private int _failures;

    /// <summary>How many bytes have been handed out.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next bytes.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    /// <exception cref="VitrineException">Unavailable: the blob could not be had after several attempts.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (Position < blob.Size)
        {
            try
            {
                if (_stream is null)
                    await OpenAsync(cancellation).ConfigureAwait(false);
                var count = await ReadOnceAsync(buffer, cancellation).ConfigureAwait(false);
                if (count == 0)
                    throw new IOException($"the connection ended after {Position} of {blob.Size} bytes");
                Position += count;
                _failures = 0;
                return count;
            }
            catch (Exception error) when (IsBroken(error, cancellation))
            {
                Close();
                if (++_failures >= RetryPolicy.MaxAttempts)
                    throw RegistryErrors.Unreachable(_host, error);
                await client.Retry.WaitAsync(_failures, null, cancellation).ConfigureAwait(false);
            }
        }

        return 0;
    }

    public void Dispose()
    {
        Close();
        _timeout.Dispose();
    }

    private string _host = "";

    private static bool IsBroken(Exception error, CancellationToken cancellation) =>
        error is IOException or HttpRequestException || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    private async Task OpenAsync(CancellationToken cancellation)
    {
        _response = await client.OpenBlobAsync(blob.Digest, Position, cancellation).ConfigureAwait(false);
        _host = _response.RequestMessage!.RequestUri!.Authority;
        var start = _response.StatusCode == HttpStatusCode.PartialContent ? _response.Content.Headers.ContentRange?.From ?? -1 : 0;
        if (start != Position && start != 0)
            throw new RegistryException(ErrorKind.Unavailable, $"{_host} sent another part of blob {blob.Digest} than asked for");
        if (_response.Content.Headers.ContentLength is { } length && start + length != blob.Size)
            throw new RegistryException(ErrorKind.Unavailable, $"{_host} has {start + length} bytes for blob {blob.Digest} of {blob.Size} bytes");
        _stream = await _response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await SkipAsync(Position - start, cancellation).ConfigureAwait(false);
    }

    /// <summary>A server that does not do ranges sends everything again: pass over what is here already.</summary>
    private async Task SkipAsync(long count, CancellationToken cancellation)
    {
        var scrap = count > 0 ? new byte[64 * 1024] : [];
        while (count > 0)
        {
            var read = await ReadOnceAsync(scrap.AsMemory(0, (int)Math.Min(count, scrap.Length)), cancellation).ConfigureAwait(false);
            count -= read > 0 ? read : throw new IOException("the connection ended before the place where it broke last time");
        }
    }

    /// <summary>One read that ends in an error when no byte comes within the idle timeout.</summary>
    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = _stream!.ReadAsync(buffer, _timeout.Token);
        if (read.IsCompletedSuccessfully)
            return read.Result;

        _timeout.CancelAfter(client.IdleTimeout);
        using (cancellation.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _timeout))
        {
            try
            {
                return await read.ConfigureAwait(false);
            }
            finally
            {
                if (!_timeout.TryReset())
                {
                    _timeout.Dispose();
                    _timeout = new CancellationTokenSource();
                }
            }
        }
    }

    private void Close()
    {
        _stream?.Dispose();
        _response?.Dispose();
        (_stream, _response) = (null, null);
    }
}
