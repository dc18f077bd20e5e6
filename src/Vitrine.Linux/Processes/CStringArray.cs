using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Linux;

/// <summary>A null-terminated array of C strings in one block of unmanaged memory: argv, envp.</summary>
internal sealed unsafe class CStringArray : IDisposable
{
    /// <exception cref="ArgumentException">A string has a NUL inside, which would cut it short.</exception>
    public CStringArray(IReadOnlyList<string> strings)
    {
        var bytes = 0;
        foreach (var text in strings)
            bytes += Encoding.UTF8.GetByteCount(text) + 1;

        var table = (strings.Count + 1) * sizeof(byte*);
        Pointer = (byte**)NativeMemory.Alloc((nuint)(table + bytes));
        var rest = new Span<byte>((byte*)Pointer + table, bytes);
        for (var i = 0; i < strings.Count; i++)
        {
            if (strings[i].Contains('\0'))
            {
                Dispose();
                throw new ArgumentException("a string passed to a program has a NUL in it", nameof(strings));
            }
            Pointer[i] = (byte*)Pointer + table + (bytes - rest.Length);
            var length = Encoding.UTF8.GetBytes(strings[i], rest);
            rest[length] = 0;
            rest = rest[(length + 1)..];
        }
        Pointer[strings.Count] = null;
    }

    public byte** Pointer { get; private set; }

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
