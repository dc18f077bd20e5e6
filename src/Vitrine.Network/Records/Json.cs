using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vitrine.Network;

/// <summary>
/// JSON objects as dictionaries: text, long, bool, list or object. The files here are small and few, and a model of their
/// types would cost the shim more than they are worth.
/// </summary>
public sealed class JsonMap : Dictionary<string, object?>
{
    private const int MaxDepth = 16;

    public JsonMap()
        : base(StringComparer.Ordinal)
    {
    }

    public string Text(string name) => TextOrNull(name) ?? "";

    public string? TextOrNull(string name) => this.GetValueOrDefault(name) as string;

    public bool Flag(string name) => this.GetValueOrDefault(name) is true;

    public int Int(string name) => this.GetValueOrDefault(name) is long number and >= int.MinValue and <= int.MaxValue ? (int)number : 0;

    public IReadOnlyList<string> Texts(string name) => List<string>(name);

    public IReadOnlyList<JsonMap> Maps(string name) => List<JsonMap>(name);

    public JsonMap? Map(string name) => this.GetValueOrDefault(name) as JsonMap;

    /// <summary>An object of texts; empty where there is none.</summary>
    public Dictionary<string, string> TextMap(string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Map(name) ?? [])
        {
            if (value is string text)
                texts[key] = text;
        }
        return texts;
    }

    /// <summary>An object of texts as a value.</summary>
    public static JsonMap Of(IReadOnlyDictionary<string, string> texts)
    {
        var map = new JsonMap();
        foreach (var (key, value) in texts)
            map[key] = value;
        return map;
    }

    /// <summary>Reads a file's object; null where there is no such file.</summary>
    /// <exception cref="NetworkException">It is not one.</exception>
    public static JsonMap? ReadFile(string path)
    {
        // Mostly a file that is missing was never written: asking is cheaper than catching what a read throws.
        if (!File.Exists(path))
            return null;
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new NetworkException(NetworkFailure.Damaged, $"{path}: not the JSON it should be: {e.Message}");
        }
    }

    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public static JsonMap Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        return reader.Read() && Value(ref reader) is JsonMap map ? map : throw new JsonException("an object was expected");
    }

    public byte[] ToUtf8()
    {
        var text = new StringBuilder();
        Write(text, this, 0);
        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    private List<T> List<T>(string name)
    {
        var list = new List<T>();
        foreach (var item in this.GetValueOrDefault(name) as List<object?> ?? [])
        {
            if (item is T value)
                list.Add(value);
        }
        return list;
    }

    private static object? Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new JsonMap();
                while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    map[name] = Value(ref reader);
                }
                return map;
            case JsonTokenType.StartArray:
                var list = new List<object?>();
                while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
                    list.Add(Value(ref reader));
                return list;
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var number) ? number : 0L;
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            default:
                return null;
        }
    }

    private static void Write(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case string word:
                Quote(text, word);
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case JsonMap map:
                WriteAll(text, map, '{', '}', depth, static (text, pair, depth) =>
                {
                    Quote(text, pair.Key);
                    Write(text.Append(": "), pair.Value, depth);
                });
                break;
            case IEnumerable<string> words:
                WriteAll(text, words, '[', ']', depth, static (text, word, _) => Quote(text, word));
                break;
            case IEnumerable<object?> list:
                WriteAll(text, list, '[', ']', depth, Write);
                break;
            case null:
                text.Append("null");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
        }
    }

    private static void WriteAll<T>(StringBuilder text, IEnumerable<T> items, char open, char close, int depth, Action<StringBuilder, T, int> write)
    {
        text.Append(open);
        var any = false;
        foreach (var item in items)
        {
            text.Append(any ? "," : "").Append('\n').Append(' ', 2 * (depth + 1));
            write(text, item, depth + 1);
            any = true;
        }
        if (any)
            text.Append('\n').Append(' ', 2 * depth);
        text.Append(close);
    }

    private static void Quote(StringBuilder text, string word)
    {
        text.Append('"');
        foreach (var c in word)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c < ' ')
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                text.Append(c);
        }
        text.Append('"');
    }
}
