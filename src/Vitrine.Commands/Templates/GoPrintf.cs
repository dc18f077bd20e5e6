using System.Globalization;
using System.Text;

namespace Vitrine.Commands.Templates;

/// <summary>Go's fmt.Sprintf for template values: verbs v s q d x X o b c t f e g, flags, width and precision.</summary>
public static class GoPrintf
{
    /// <summary>The formatted text; misuse shows inside it (<c>%!d(string=x)</c>), as in Go.</summary>
    public static string Format(string format, ReadOnlySpan<object?> arguments)
    {
        var result = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }

            i++;
            var directive = Directive.Parse(format, ref i);
            if (i >= format.Length)
                result.Append("%!(NOVERB)");
            else if (format[i] == '%')
                result.Append('%');
            else if (next >= arguments.Length)
                result.Append($"%!{format[i]}(MISSING)");
            else
                result.Append(directive.Apply(format[i], arguments[next++]));
        }

        AppendExtra(result, arguments[Math.Min(next, arguments.Length)..]);
        return result.ToString();
    }

    private static void AppendExtra(StringBuilder result, ReadOnlySpan<object?> extra)
    {
        if (extra.Length == 0)
            return;
        result.Append("%!(EXTRA ");
        for (var i = 0; i < extra.Length; i++)
            result.Append(i == 0 ? "" : ", ").Append($"{TypeName(extra[i])}={GoText.Print(extra[i])}");
        result.Append(')');
    }

    private static string TypeName(object? value) => value is null ? "<nil>" : GoText.TypeOf(value);

    private readonly record struct Directive(string Flags, int? Width, int? Precision)
    {
        public static Directive Parse(string format, ref int i)
        {
            var start = i;
            while (i < format.Length && "+-# 0".Contains(format[i], StringComparison.Ordinal))
                i++;
            var flags = format[start..i];
            var width = ParseNumber(format, ref i);
            int? precision = null;
            if (i < format.Length && format[i] == '.')
            {
                i++;
                precision = ParseNumber(format, ref i) ?? 0;
            }

            return new Directive(flags, width, precision);
        }

        public string Apply(char verb, object? value)
        {
            var text = (verb, value) switch
            {
                ('v', double d) => GoText.Print(d),
                ('v', string s) when Flags.Contains('#', StringComparison.Ordinal) => GoText.Quote(s),
                ('v' or 's', string s) => Shorten(s),
                ('v', _) => Signed(value, GoText.Print(value)),
                ('T', _) => TypeName(value),
                ('q', string s) => GoText.Quote(Shorten(s)),
                ('q', long l) when Rune.IsValid((int)l) => $"'{new Rune((int)l)}'",
                ('x', string s) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(s)),
                ('X', string s) => Convert.ToHexString(Encoding.UTF8.GetBytes(s)),
                ('t', bool b) => b ? "true" : "false",
                (_, long l) => Integer(verb, l),
                (_, double d) => Real(verb, d),
                (_, IReadOnlyList<object?> list) when verb is 's' or 'q' or 'd' => List(verb, list),
                _ => null,
            };
            return Pad(text ?? $"%!{verb}({TypeName(value)}{(value is null ? "" : "=" + GoText.Print(value))})", value);
        }

        private static int? ParseNumber(string format, ref int i)
        {
            var start = i;
            while (i < format.Length && char.IsAsciiDigit(format[i]) && i - start < 6)
                i++;
            return i == start ? null : int.Parse(format.AsSpan(start, i - start), CultureInfo.InvariantCulture);
        }

        private string Shorten(string text) => Precision < text.Length ? text[..Precision.Value] : text;

        private string? Integer(char verb, long value)
        {
            var prefix = Flags.Contains('#', StringComparison.Ordinal);
            return verb switch
            {
                'd' => Signed(value, value.ToString(CultureInfo.InvariantCulture)),
                'x' => (prefix ? "0x" : "") + value.ToString("x", CultureInfo.InvariantCulture),
                'X' => (prefix ? "0X" : "") + value.ToString("X", CultureInfo.InvariantCulture),
                'o' => (prefix ? "0" : "") + Convert.ToString(value, 8),
                'b' => Convert.ToString(value, 2),
                'c' when Rune.IsValid((int)value) => new Rune((int)value).ToString(),
                _ => null,
            };
        }

        private string? Real(char verb, double value) => verb switch
        {
            'f' or 'F' => Signed(value, value.ToString("F" + (Precision ?? 6), CultureInfo.InvariantCulture)),
            'e' => Signed(value, value.ToString("0." + new string('0', Precision ?? 6) + "e+00", CultureInfo.InvariantCulture)),
            'g' => Signed(value, Precision is { } p ? value.ToString("G" + Math.Max(p, 1), CultureInfo.InvariantCulture) : GoText.Print(value)),
            _ => null,
        };

        private string List(char verb, IReadOnlyList<object?> list)
        {
            var element = this with { Width = null };
            return "[" + string.Join(' ', list.Select(item => element.Apply(verb, item))) + "]";
        }

        private string Signed(object? value, string text) =>
            Flags.Contains('+', StringComparison.Ordinal) && value is (>= 0L or >= 0.0) ? "+" + text : text;

        private string Pad(string text, object? value)
        {
            if (Width is not { } width || width <= text.Length)
                return text;
            if (Flags.Contains('-', StringComparison.Ordinal))
                return text.PadRight(width);
            if (!Flags.Contains('0', StringComparison.Ordinal) || value is not (long or double))
                return text.PadLeft(width);
            var sign = text[0] is '-' or '+' ? text[..1] : "";
            return sign + text[sign.Length..].PadLeft(width - sign.Length, '0');
        }
    }
}
