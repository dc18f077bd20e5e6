using Microsoft.Win32.SafeHandles;

namespace Vitrine.Insight.Packages;

/// <summary>Takes a package's header out of a database.</summary>
/// <returns>Whether to go on to the next.</returns>
internal delegate bool RpmHeaderVisitor(ReadOnlySpan<byte> header);

/// <summary>Reads a database of foreign making, piece by piece, until as much is read as may be.</summary>
/// <param name="file">The open file; not disposed of.</param>
/// <param name="budget">How many bytes are read at the most.</param>
internal sealed class RpmFile(SafeFileHandle file, int budget)
{
    /// <summary>What reading a piece costs beyond its bytes.</summary>
    private const int Call = 64;

    private int _left = budget;

    /// <summary>Fills a piece of memory.</summary>
    /// <exception cref="InvalidDataException">There is not so much, or it would be more than may be read.</exception>
    public void Fill(Span<byte> piece, long offset)
    {
        Charge(piece.Length);
        if (offset < 0 || RandomAccess.Read(file, piece, offset) != piece.Length)
            throw new InvalidDataException("cut off");
    }

    /// <summary>Memory for a piece of the file that is as long as the file says.</summary>
    /// <exception cref="InvalidDataException">There cannot be so much, or it would be more than may be read.</exception>
    public byte[] Space(uint length) => length <= Math.Min(_left, RandomAccess.GetLength(file)) ? new byte[length] : throw new InvalidDataException("more than there is");

    private void Charge(int bytes) => _left = _left >= bytes + Call ? _left - bytes - Call : throw new InvalidDataException("more than may be read");
}
