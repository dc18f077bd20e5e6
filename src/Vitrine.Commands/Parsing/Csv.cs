using System.Text;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Commands.Parsing;

/// <summary>One record of comma-separated values with double quotes (RFC 4180), as Go's encoding/csv reads it.</summary>
public static class Csv
{
    public static List<string> ParseLine(string line)
    {
        var fields = new List<string>();
        var position = 0;
        while (true)
        {
            fields.Add(position < line.Length && line[position] == '"' ? ReadQuoted(line, ref position) : ReadBare(line, ref position));
            if (position == line.Length)
                return fields;
            position++;
        }
    }

    private static string ReadBare(string line, ref int position)
    {
        var start = position;
        while (position < line.Length && line[position] != ',')
        {
            if (line[position] == '"')
                throw new FlagValueException($"parse error on line 1, column {position + 1}: bare \" in non-quoted-field");
            position++;
        }

        return line[start..position];
    }

    private static string ReadQuoted(string line, ref int position)
    {
        var field = new StringBuilder();
        for (position++; position < line.Length; position++)
        {
            if (line[position] != '"')
                field.Append(line[position]);
            else if (position + 1 < line.Length && line[position + 1] == '"')
                field.Append(line[position++]);
            else if (position + 1 == line.Length || line[position + 1] == ',')
                return Close(ref position);
            else
                break;
        }

        throw new FlagValueException($"parse error on line 1, column {position + 1}: extraneous or missing \" in quoted-field");

        string Close(ref int at)
        {
            at++;
            return field.ToString();
        }
    }
}
