using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Linux.Netlink;

/// <summary>
/// The library behind nft(8): carries out a text of commands as one transaction. Loaded for the call and given back after it,
/// since whoever changes rule sets does so rarely and may live for months. A program that is linked statically loads no libraries,
/// and nft(8) itself does it for that one.
/// </summary>
public static unsafe class Libnftables
{
    private const string Name = "libnftables.so.1";

    /// <summary>Carries out commands in the language of nft(8), in the network namespace of the calling thread.</summary>
    /// <exception cref="DllNotFoundException">Neither the library nor nft(8) is installed.</exception>
    /// <exception cref="IOException">The kernel or the library refused; nothing was changed. Has nft's own words.</exception>
    public static void Run(string commands)
    {
        if (!NativeLibrary.TryLoad(Name, out var library))
        {
            RunProgram(commands);
            return;
        }

        try
        {
            Run(library, commands);
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }

    /// <summary>As <see cref="Run(string)"/>, by nft(8): also where PATH does not name the directories of an administrator's programs.</summary>
    private static void RunProgram(string commands)
    {
        foreach (var program in (ReadOnlySpan<string>)["nft", "/usr/sbin/nft", "/sbin/nft"])
        {
            try
            {
                var run = Spawn.Run([program, "-f", "-"], Encoding.UTF8.GetBytes(commands));
                if (run.ExitCode == 0)
                    return;
                throw new IOException("nftables: " + Encoding.UTF8.GetString(run.Errors).Trim());
            }
            catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.EACCES)
            {
                // Not here.
            }
        }

        throw new DllNotFoundException($"{Name} and nft are missing: install the package nftables");
    }

    private static void Run(nint library, string commands)
    {
        var make = (delegate* unmanaged<uint, void*>)NativeLibrary.GetExport(library, "nft_ctx_new");
        var free = (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(library, "nft_ctx_free");
        var keepErrors = (delegate* unmanaged<void*, int>)NativeLibrary.GetExport(library, "nft_ctx_buffer_error");
        var errors = (delegate* unmanaged<void*, byte*>)NativeLibrary.GetExport(library, "nft_ctx_get_error_buffer");
        var run = (delegate* unmanaged<void*, byte*, int>)NativeLibrary.GetExport(library, "nft_run_cmd_from_buffer");

        var context = make(0);
        if (context is null)
            throw new IOException("nftables: out of memory");
        try
        {
            _ = keepErrors(context);
            fixed (byte* text = Encoding.UTF8.GetBytes(commands + "\0"))
            {
                if (run(context, text) == 0)
                    return;
            }
            throw new IOException("nftables: " + (Marshal.PtrToStringUTF8((nint)errors(context)) ?? "").Trim());
        }
        finally
        {
            free(context);
        }
    }
}
