using System.Text.Json;

namespace Vitrine.Oci.Runtime.Reading;

/// <summary>
/// A forward reader of JSON objects for programs that cannot afford the serializer: its metadata costs 2.5 ms and 1 MB at
/// first use, this costs nothing. The serializer's rules apply: unknown fields are passed over, the last of two equal
/// fields counts unless <see cref="FieldNames"/> watches, null is as if absent.
/// </summary>
public ref struct JsonCursor
{
    private readonly FieldNames? _names;
    private readonly JsonProblems? _problems;
    private Utf8JsonReader _json;
    private string _field = "";
    private bool _notAnObject;

    /// <summary>Reads a document, at its first token.</summary>
    /// <exception cref="JsonException">It is empty or malformed.</exception>
    public JsonCursor(ReadOnlySpan<byte> utf8)
        : this(utf8, null, null)
    {
    }

    /// <summary>Reads a document, at its first token.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="names">Watches for fields that are there twice; null where they do not matter.</param>
    /// <param name="problems">Takes what has the wrong type, instead of an exception at the first.</param>
    /// <exception cref="JsonException">It is empty or malformed.</exception>
    internal JsonCursor(ReadOnlySpan<byte> utf8, FieldNames? names, JsonProblems? problems)
    {
        _names = names;
        _problems = problems;
        _json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 32 });
        _json.Read();
    }

    /// <summary>Reads one value of an object type.</summary>
    public delegate T Reader<out T>(ref JsonCursor json);

    /// <summary>Begins an object; at the value.</summary>
    public void Begin()
    {
        _notAnObject = _json.TokenType is not JsonTokenType.StartObject;
        if (_notAnObject)
        {
            Wrong<object>("an object");
            return;
        }

        _names?.Begin();
        _problems?.Enter();
    }

    /// <summary>Moves to the next field that is not null, and to its value; false at the end of the object.</summary>
    public bool Next(out string name)
    {
        name = "";
        if (_notAnObject)
        {
            _notAnObject = false;
            return false;
        }

        while (Advance() is JsonTokenType.PropertyName)
        {
            name = _field = Decode();
            _problems?.At(name);
            if (_names?.Add(name) is { } problem)
                Report(problem);
            if (Advance() is not JsonTokenType.Null)
                return true;
        }

        _names?.End();
        _problems?.Leave();
        name = "";
        return false;
    }

    /// <summary>Passes over the value.</summary>
    public void Skip() => _json.Skip();

    /// <summary>Nothing may follow the document.</summary>
    public void End()
    {
        if (_json.Read())
            throw new JsonException("document: expected the end");
    }

    public string Text() => _json.TokenType is JsonTokenType.String ? Decode() : Wrong<string>("a string") ?? "";

    public bool Flag() => _json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => Wrong<bool>("true or false"),
    };

    public int Int() => _json.TokenType is JsonTokenType.Number && _json.TryGetInt32(out var value) ? value : WrongNumber<int>();

    public uint UInt() => _json.TokenType is JsonTokenType.Number && _json.TryGetUInt32(out var value) ? value : WrongNumber<uint>();

    public ushort UShort() => _json.TokenType is JsonTokenType.Number && _json.TryGetUInt16(out var value) ? value : WrongNumber<ushort>();

    public long Long() => _json.TokenType is JsonTokenType.Number && _json.TryGetInt64(out var value) ? value : WrongNumber<long>();

    public ulong ULong() => _json.TokenType is JsonTokenType.Number && _json.TryGetUInt64(out var value) ? value : WrongNumber<ulong>();

    public DateTimeOffset Time() =>
        _json.TokenType is JsonTokenType.String && _json.TryGetDateTimeOffset(out var value) ? value : Wrong<DateTimeOffset>("a time");

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
        var list = new List<T>();
        if (_json.TokenType is not JsonTokenType.StartArray)
        {
            Wrong<object>("a list");
            return list;
        }

        _problems?.Enter();
        while (Advance() is not JsonTokenType.EndArray)
        {
            _problems?.At(list.Count);
            list.Add(read(ref this));
        }

        _problems?.Leave();
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

    /// <summary>One member of an object whose others do not matter; the default where there is none.</summary>
    public T? Member<T>(string name, Reader<T> read)
    {
        var value = default(T);
        Begin();
        while (Next(out var field))
        {
            if (field == name)
                value = read(ref this);
            else
                Skip();
        }

        return value;
    }

    public Dictionary<string, string> TextMap() => Map(static (ref JsonCursor json) => json.Text());

    /// <summary>A field that must be there was not.</summary>
    public static JsonException Missing(string field) => new($"{field} is missing");

    /// <summary>The value of a field that must be there.</summary>
    /// <param name="value">The value, or null.</param>
    /// <param name="field">The field, with the object it belongs to.</param>
    internal readonly T Required<T>(T? value, string field)
        where T : class
    {
        if (value is null)
            Report($"{field} is missing");
        return value!;
    }

    /// <summary>Notes that the field at hand cannot be had.</summary>
    internal void Refuse(string why)
    {
        Report($"{_problems?.Path ?? _field}: {why}");
        Skip();
    }

    private JsonTokenType Advance()
    {
        if (!_json.Read())
            throw new JsonException($"{_field}: expected more");
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
            throw new JsonException($"{(_field.Length > 0 ? _field : "document")}: expected UTF-8");
        }
    }

    private T? WrongNumber<T>() => Wrong<T>(_json.TokenType is JsonTokenType.Number ? "a number in range" : "a number");

    /// <summary>Throws, or notes the problem and passes over the value.</summary>
    private T? Wrong<T>(string expected)
    {
        Report($"{_problems?.Path ?? (_field.Length > 0 ? _field : "document")}: expected {expected}");
        Skip();
        return default;
    }

    private readonly void Report(string problem)
    {
        if (_problems is null)
            throw new JsonException(problem);
        _problems.Add(problem);
    }
}
