using System.Text.Json;

namespace Vitrine.Oci.Runtime.Reading;

/// <summary>What is wrong with a file that should be JSON, for who wrote it.</summary>
public static class JsonProblem
{
    /// <summary>The error that names the file, and the place in it where there is one.</summary>
    public static VitrineException In(string path, JsonException error)
    {
        var where = error.BytePositionInLine is { } position ? $"not JSON at line {error.LineNumber + 1}, byte {position}" : error.Message;
        return new VitrineException(ErrorKind.Invalid, $"{path}: {where}", error);
    }
}
