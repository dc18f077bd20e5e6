using System.Globalization;
using System.Text;

namespace Vitrine.Runtime.Containers;

/// <summary>
/// Writes JSON as Go's encoder lays it out, compact or indented by two spaces. Small for the reason
/// <see cref="Vitrine.Oci.Runtime.Reading.JsonCursor"/> is.
/// </summary>
/// <param name="indented">Whether each field has a line of its own.</param>
public sealed class JsonText(bool indented = false)
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _empty = true;

    public JsonText Object(string? name = null) => Open(name, '{');

    public JsonText EndObject() => Close('}');

    public JsonText Array(string? name = null) => Open(name, '[');

    public JsonText EndArray() => Close(']');

    public JsonText Text(string? name, string value)
    {
        Begin(name);
        Quote(value);
        return this;
    }

    public JsonText Number(string? name, long value)
    {
        Begin(name);
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    public JsonText Number(string? name, ulong value)
    {
        Begin(name);
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    public JsonText Flag(string? name, bool value)
    {
        Begin(name);
        _text.Append(value ? "true" : "false");
        return this;
    }

    public JsonText Null(string name)
    {
        Begin(name);
        _text.Append("null");
        return this;
    }

    public JsonText Texts(string? name, IEnumerable<string> values)
    {
        Array(name);
        foreach (var value in values)
            Text(null, value);
        return EndArray();
    }

    public JsonText Map(string name, IReadOnlyDictionary<string, string> values)
    {
        Object(name);
        foreach (var (key, value) in values)
            Text(key, value);
        return EndObject();
    }

    public override string ToString() => _text.ToString();

    /// <summary>The text as bytes.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    private JsonText Open(string? name, char bracket)
    {
        Begin(name);
        _text.Append(bracket);
        _depth++;
        _empty = true;
        return this;
    }

    private JsonText Close(char bracket)
    {
        _depth--;
        if (!_empty)
            NewLine();
        _text.Append(bracket);
        _empty = false;
        return this;
    }

    private void Begin(string? name)
    {
        if (!_empty)
            _text.Append(',');
        if (_depth > 0)
            NewLine();
        _empty = false;
        if (name is null)
            return;
        Quote(name);
        _text.Append(indented ? ": " : ":");
    }

    private void NewLine()
    {
        if (indented)
            _text.Append('\n').Append(' ', 2 * _depth);
    }

    private void Quote(string value)
    {
        _text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"': _text.Append("\\\""); break;
                case '\\': _text.Append("\\\\"); break;
                case '\n': _text.Append("\\n"); break;
                case '\r': _text.Append("\\r"); break;
                case '\t': _text.Append("\\t"); break;
                case < ' ': _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: _text.Append(c); break;
            }
        }
        _text.Append('"');
    }
}
