using System.Globalization;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Parsing;

/// <summary>
/// <c>--mount type=bind,source=/a,target=/b,...</c>. What a key means and which keys go together is docker's; whether the
/// mount is possible is the engine's to say.
/// </summary>
internal static class MountSyntax
{
    /// <summary>Parses the comma-separated fields of one mount.</summary>
    public static Mount Parse(string text)
    {
        var draft = new Draft();
        if (text.Length == 0)
            throw new FlagValueException("EOF");
        foreach (var field in Csv.ParseLine(text))
            draft.Take(field);
        return draft.Finish();
    }

    private sealed class Draft
    {
        private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _driverOptions = new(StringComparer.Ordinal);
        private Mount _mount = new() { Type = "volume" };
        private BindOptions? _bind;
        private VolumeOptions? _volume;
        private TmpfsOptions? _tmpfs;
        private ImageMountOptions? _image;
        private string? _driver;

        public void Take(string field)
        {
            var (name, value) = KeyValues.Cut(field, '=');
            var key = name.ToLowerInvariant();
            if (value is null && key is not ("readonly" or "ro" or "volume-nocopy" or "bind-nonrecursive"))
                throw new FlagValueException($"invalid field '{field}' must be a key=value pair");
            if (!TakeCommon(key, value) && !TakeBind(key, value) && !TakeVolume(key, value) && !TakeOther(key, value!))
                throw new FlagValueException($"unexpected key '{key}' in '{field}'");
        }

        public Mount Finish()
        {
            if (_labels.Count > 0)
                _volume = (_volume ?? new()) with { Labels = _labels };
            if (_driver is not null || _driverOptions.Count > 0)
                _volume = (_volume ?? new()) with { DriverConfig = new() { Name = _driver ?? "", Options = _driverOptions } };
            Check();
            return _mount with { BindOptions = _bind, VolumeOptions = _volume, TmpfsOptions = _tmpfs, ImageOptions = _image };
        }

        private void Check()
        {
            if (string.IsNullOrEmpty(_mount.Type))
                throw new FlagValueException("type is required");
            if (string.IsNullOrEmpty(_mount.Target))
                throw new FlagValueException("target is required");
            CheckMix("volume", _volume is not null);
            CheckMix("bind", _bind is not null);
            CheckMix("tmpfs", _tmpfs is not null);
            CheckMix("image", _image is not null);
            CheckRecursion();
        }

        private void CheckRecursion()
        {
            var value = _bind is { ReadOnlyForceRecursive: true } ? "readonly" : "writable";
            if (_bind is { ReadOnlyNonRecursive: true } or { ReadOnlyForceRecursive: true } && !_mount.ReadOnly)
                throw new FlagValueException($"option 'bind-recursive={value}' requires 'readonly' to be specified in conjunction");
            if (_bind is { ReadOnlyForceRecursive: true, Propagation: not "rprivate" })
                throw new FlagValueException("option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
        }

        private void CheckMix(string type, bool hasOptions)
        {
            if (hasOptions && _mount.Type != type)
                throw new FlagValueException($"cannot mix '{type}-*' options with mount type '{_mount.Type}'");
        }

        private bool TakeCommon(string key, string? value)
        {
            switch (key)
            {
                case "type":
                    _mount = _mount with { Type = value!.ToLowerInvariant() };
                    return true;
                case "source" or "src":
                    _mount = _mount with { Source = value is "." or ".." or ['.', '/', ..] or ['.', '.', '/', ..] ? Path.GetFullPath(value) : value };
                    return true;
                case "target" or "dst" or "destination":
                    _mount = _mount with { Target = value };
                    return true;
                case "readonly" or "ro":
                    _mount = _mount with { ReadOnly = Switch(key, value) };
                    return true;
                case "consistency":
                    _mount = _mount with { Consistency = value!.ToLowerInvariant() };
                    return true;
                default:
                    return false;
            }
        }

        private bool TakeBind(string key, string? value)
        {
            switch (key)
            {
                case "bind-propagation":
                    _bind = (_bind ?? new()) with { Propagation = value!.ToLowerInvariant() };
                    return true;
                case "bind-nonrecursive":
                    _bind = (_bind ?? new()) with { NonRecursive = Switch(key, value) };
                    return true;
                case "bind-recursive":
                    _bind = Recursive(_bind ?? new(), value!);
                    return true;
                default:
                    return false;
            }
        }

        private static BindOptions Recursive(BindOptions bind, string value) => value switch
        {
            "enabled" => bind,
            "disabled" => bind with { NonRecursive = true },
            "writable" => bind with { ReadOnlyNonRecursive = true },
            "readonly" => bind with { ReadOnlyForceRecursive = true },
            _ => throw new FlagValueException($"invalid value for bind-recursive: {value} (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")"),
        };

        private bool TakeVolume(string key, string? value)
        {
            switch (key)
            {
                case "volume-nocopy":
                    _volume = (_volume ?? new()) with { NoCopy = Switch(key, value) };
                    return true;
                case "volume-subpath":
                    _volume = (_volume ?? new()) with { Subpath = value };
                    return true;
                case "volume-label":
                    Put(_labels, value!);
                    return true;
                case "volume-driver":
                    _driver = value;
                    return true;
                case "volume-opt":
                    Put(_driverOptions, value!);
                    return true;
                default:
                    return false;
            }
        }

        private bool TakeOther(string key, string value)
        {
            switch (key)
            {
                case "image-subpath":
                    _image = new() { Subpath = value };
                    return true;
                case "tmpfs-size":
                    _tmpfs = (_tmpfs ?? new()) with { SizeBytes = Size(key, value) };
                    return true;
                case "tmpfs-mode":
                    _tmpfs = (_tmpfs ?? new()) with { Mode = Octal(key, value) };
                    return true;
                default:
                    return false;
            }
        }

        private static void Put(Dictionary<string, string> map, string pair)
        {
            var (key, value) = KeyValues.Cut(pair, '=');
            map[key] = value ?? "";
        }

        private static bool Switch(string key, string? value) => value switch
        {
            null or "1" or "true" => true,
            "0" or "false" => false,
            _ => throw Wrong(key, value),
        };

        private static long Size(string key, string value)
        {
            try
            {
                return ByteSize.Parse(value);
            }
            catch (FlagValueException)
            {
                throw Wrong(key, value);
            }
        }

        private static uint Octal(string key, string value)
        {
            var digits = value.AsSpan();
            return digits.Length is > 0 and <= 6 && !digits.ContainsAnyExceptInRange('0', '7')
                ? Convert.ToUInt32(value, 8)
                : throw Wrong(key, value);
        }

        private static FlagValueException Wrong(string key, string value) =>
            new(string.Create(CultureInfo.InvariantCulture, $"invalid value for {key}: {value}"));
    }
}
