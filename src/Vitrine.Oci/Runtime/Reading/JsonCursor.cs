using System.Text.Json;

namespace Vitrine.Oci.Runtime.Reading;

/// <summary>
/// A forward reader of JSON objects for programs that cannot afford the serializer: its metadata costs 2.5 ms and 1 MB at
/// first use, this costs nothing. The serializer's rules apply: unknown fields are passed over, the last of two equal
/// fields counts, null is as if absent.
/// </summary>
public ref struct JsonCursor
{
    private Utf8JsonReader _json;
    private string _field = "";

    /// <summary>Reads a document, at its first token.</summary>
    /// <exception cref="JsonException">It is empty or malformed.</exception>
    public JsonCursor(ReadOnlySpan<byte> utf8)
    {
        _json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 32 });
        _json.Read();
    }

    /// <summary>Reads one value of an object type.</summary>
    public delegate T Reader<out T>(ref JsonCursor json);

    /// <summary>Begins an object; at the value.</summary>
    public void Begin()
    {
        if (_json.TokenType is not JsonTokenType.StartObject)
            throw Wrong("an object");
    }

    /// <summary>Moves to the next field that is not null, and to its value; false at the end of the object.</summary>
    public bool Next(out string name)
    {
        while (Advance() is JsonTokenType.PropertyName)
        {
            name = _field = Decode();
            if (Advance() is not JsonTokenType.Null)
                return true;
        }
        name = "";
        return false;
    }

    /// <summary>Passes over the value.</summary>
    public void Skip() => _json.Skip();

    /// <summary>Nothing may follow the document.</summary>
    public void End()
    {
        if (_json.Read())
            throw Wrong("the end");
    }

    public string Text() => _json.TokenType is JsonTokenType.String ? Decode() : throw Wrong("a string");

    public bool Flag() => _json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong("true or false"),
    };

    public int Int() => _json.TokenType is JsonTokenType.Number && _json.TryGetInt32(out var value) ? value : throw Wrong("a number");

    public uint UInt() => _json.TokenType is JsonTokenType.Number && _json.TryGetUInt32(out var value) ? value : throw Wrong("a number");

    public ushort UShort() => _json.TokenType is JsonTokenType.Number && _json.TryGetUInt16(out var value) ? value : throw Wrong("a number");

    public long Long() => _json.TokenType is JsonTokenType.Number && _json.TryGetInt64(out var value) ? value : throw Wrong("a number");

    public ulong ULong() => _json.TokenType is JsonTokenType.Number && _json.TryGetUInt64(out var value) ? value : throw Wrong("a number");

    public DateTimeOffset Time() =>
        _json.TokenType is JsonTokenType.String && _json.TryGetDateTimeOffset(out var value) ? value : throw Wrong("a time");

    /// <summary>A time, or null for what is none.</summary>
    public DateTimeOffset? LenientTime()
    {
        if (_json.TokenType is JsonTokenType.String)
            return _json.TryGetDateTimeOffset(out var value) ? value : null;
        Skip();
        return null;
    }

    /// <summary>Any value, to be kept as it is.</summary>
    public JsonElement Element() => JsonElement.ParseValue(ref _json);

    public List<T> List<T>(Reader<T> read)
    {
        if (_json.TokenType is not JsonTokenType.StartArray)
            throw Wrong("a list");
        var list = new List<T>();
        while (Advance() is not JsonTokenType.EndArray)
            list.Add(read(ref this));
        return list;
    }

    public List<string> Texts() => List(static (ref JsonCursor json) => json.Text());

    public List<uint> UInts() => List(static (ref JsonCursor json) => json.UInt());

    public Dictionary<string, T> Map<T>(Reader<T> read)
    {
        Begin();
        var map = new Dictionary<string, T>();
        while (Next(out var name))
            map[name] = read(ref this);
        return map;
    }

    public Dictionary<string, string> TextMap() => Map(static (ref JsonCursor json) => json.Text());

    /// <summary>A field that must be there was not.</summary>
    public static JsonException Missing(string field) => new($"{field} is missing");

    private JsonTokenType Advance()
    {
        if (!_json.Read())
            throw Wrong("more");
        return _json.TokenType;
    }

    // The reader takes bytes that are not UTF-8 for a string, and says so only when it is asked for the text.
    private readonly string Decode()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("UTF-8");
        }
    }

    private readonly JsonException Wrong(string expected) => new($"{(_field.Length > 0 ? _field : "document")}: expected {expected}");
}
