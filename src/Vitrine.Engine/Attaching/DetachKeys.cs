namespace Vitrine.Engine.Attaching;

/// <summary>The key sequence that detaches from a container: <c>ctrl-p,ctrl-q</c> unless --detach-keys says otherwise.</summary>
public static class DetachKeys
{
    /// <summary>Docker's default.</summary>
    public const string Default = "ctrl-p,ctrl-q";

    private const string ControlPrefix = "ctrl-";

    /// <summary>The bytes that the keys send.</summary>
    /// <param name="text">Keys parted by commas: one character, <c>ctrl-</c> and one of a-z @ [ \ ] ^ _, or DEL.</param>
    /// <exception cref="VitrineException">A key is none of these.</exception>
    public static byte[] Parse(string? text)
    {
        var keys = (string.IsNullOrEmpty(text) ? Default : text).Split(',');
        var bytes = new byte[keys.Length];
        for (var i = 0; i < keys.Length; i++)
            bytes[i] = ToByte(keys[i]) ?? throw Unknown(text, keys[i]);
        return bytes;
    }

    private static byte? ToByte(string key)
    {
        if (key.Length == 1)
            return char.IsAscii(key[0]) ? (byte)key[0] : null;
        if (key.Equals("DEL", StringComparison.OrdinalIgnoreCase))
            return 127;
        if (key.Length != ControlPrefix.Length + 1 || !key.StartsWith(ControlPrefix, StringComparison.OrdinalIgnoreCase))
            return null;
        // A control key clears all but the low five bits of its letter (ASCII).
        var letter = char.ToUpperInvariant(key[^1]);
        return letter is >= '@' and <= '_' ? (byte)(letter - '@') : null;
    }

    private static VitrineException Unknown(string? keys, string key) =>
        new(ErrorKind.Invalid, $"invalid detach keys ({keys}): Unknown character: '{key}'");
}
