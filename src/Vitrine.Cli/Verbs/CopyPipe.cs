using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary>Joins who writes an archive to who reads it, through a pipe.</summary>
internal static class CopyPipe
{
    /// <summary>Runs both ends until they are done.</summary>
    /// <returns>How many bytes the archive had.</returns>
    public static async Task<long> RunAsync(Func<Stream, Task> write, Action<Stream> read)
    {
        using var pipe = Pipe.Create();
        var writing = WriteAsync(pipe, write);
        var reading = Task.Factory.StartNew(() => Read(pipe, read), TaskCreationOptions.LongRunning);
        await Task.WhenAll(writing, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Where the reader fails, the writer only finds a broken pipe; where the writer fails, the reader finds the archive cut.
        if (!(writing.IsFaulted && IsBrokenPipe(writing.Exception.InnerException)))
            await writing;
        return await reading;
    }

    private static async Task WriteAsync(Pipe pipe, Func<Stream, Task> write)
    {
        await using var output = new FileStream(pipe.Writer, FileAccess.Write, bufferSize: 0);
        await write(output);
    }

    private static long Read(Pipe pipe, Action<Stream> read)
    {
        using var input = new FileStream(pipe.Reader, FileAccess.Read, bufferSize: 0);
        using var counted = new CountingStream(input);
        read(counted);
        var rest = new byte[16 * 1024];
        while (counted.Read(rest) > 0)
        {
        }

        return counted.Count;
    }

    private static bool IsBrokenPipe(Exception? error) => error is LinuxException { Errno: Errno.EPIPE } or IOException;
}
