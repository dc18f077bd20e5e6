using FsCheck;
using FsCheck.Fluent;
using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Xunit;

namespace Vitrine.Tests.Unit.Cli;

public sealed class MountSyntaxTests
{
    [Fact]
    public void Parse_Bind_TakesEveryKey()
    {
        var mount = MountSyntax.Parse("type=bind,src=/a,dst=/b,ro,bind-propagation=rprivate,bind-recursive=readonly");

        Assert.Equal(("bind", "/a", "/b", true), (mount.Type, mount.Source, mount.Target, mount.ReadOnly));
        Assert.Equal("rprivate", mount.BindOptions!.Propagation);
        Assert.True(mount.BindOptions.ReadOnlyForceRecursive);
    }

    [Fact]
    public void Parse_Volume_IsTheDefaultType()
    {
        var mount = MountSyntax.Parse("source=data,target=/d,volume-nocopy,volume-label=a=1,volume-driver=local,volume-opt=type=tmpfs,volume-opt=o=size=1m");

        Assert.Equal("volume", mount.Type);
        Assert.True(mount.VolumeOptions!.NoCopy);
        Assert.Equal("1", mount.VolumeOptions.Labels!["a"]);
        Assert.Equal("size=1m", mount.VolumeOptions.DriverConfig!.Options!["o"]);
    }

    [Fact]
    public void Parse_Tmpfs_ReadsSizeAndOctalMode()
    {
        var mount = MountSyntax.Parse("type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1770");

        Assert.Equal(64 << 20, mount.TmpfsOptions!.SizeBytes);
        Assert.Equal(Convert.ToUInt32("1770", 8), mount.TmpfsOptions.Mode);
    }

    [Fact]
    public void Parse_QuotedField_KeepsItsComma() =>
        Assert.Equal("/a,b", MountSyntax.Parse("type=bind,\"src=/a,b\",dst=/c").Source);

    [Fact]
    public void Parse_KeyCase_DoesNotMatter() => Assert.True(MountSyntax.Parse("TYPE=bind,src=/a,dst=/b,READONLY").ReadOnly);

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("type=foo", "target is required")]
    [InlineData("type=,target=/x", "type is required")]
    [InlineData("type=bind,src", "invalid field 'src' must be a key=value pair")]
    [InlineData("type=bind,x=b", "unexpected key 'x' in 'x=b'")]
    [InlineData("type=bind,source=/a,target=/b,readonly=x", "invalid value for readonly: x")]
    [InlineData("type=tmpfs,target=/a,ro=", "invalid value for ro: ")]
    [InlineData("type=bind,source=/a,target=/b,volume-nocopy", "cannot mix 'volume-*' options with mount type 'bind'")]
    [InlineData("type=volume,dst=/x,bind-propagation=foo", "cannot mix 'bind-*' options with mount type 'volume'")]
    [InlineData("type=bind,dst=/x,tmpfs-size=1m", "cannot mix 'tmpfs-*' options with mount type 'bind'")]
    [InlineData("type=tmpfs,target=/a,tmpfs-size=zz", "invalid value for tmpfs-size: zz")]
    [InlineData("type=tmpfs,target=/a,tmpfs-mode=9", "invalid value for tmpfs-mode: 9")]
    [InlineData("type=bind,src=/a,dst=/b,bind-recursive=foo", "invalid value for bind-recursive: foo (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")")]
    [InlineData("type=bind,src=/a,dst=/b,bind-recursive=writable", "option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction")]
    [InlineData("type=bind,src=/a,dst=/b,bind-recursive=readonly,readonly", "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction")]
    [InlineData("type=\"x", "parse error on line 1, column 6: bare \" in non-quoted-field")]
    public void Parse_Invalid_SaysWhatDockerSays(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FlagValueException>(() => MountSyntax.Parse(text)).Message);

    [Fact]
    public void Csv_AnyText_EitherParsesOrThrowsFlagValue()
    {
        var texts = Gen.ArrayOf(Gen.Elements('"', ',', 'a', '=', ' ')).Select(c => new string(c));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            try
            {
                Assert.NotEmpty(Csv.ParseLine(text));
            }
            catch (FlagValueException)
            {
                // The one way in which a line may fail.
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Csv_QuotedFields_ComeBackAsTheyWere()
    {
        Prop.ForAll<NonNull<string>[]>(fields =>
        {
            var line = string.Join(',', fields.Select(f => $"\"{f.Get.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
            return fields.Length == 0 || Csv.ParseLine(line).SequenceEqual(fields.Select(f => f.Get));
        }).QuickCheckThrowOnFailure();
    }
}
