using Vitrine.Linux;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.ShimProtocol.Codec;

/// <summary>The part of a request that is about debugging.</summary>
internal static class ToolsRootCodec
{
    public static void Write(ref JsonObjectWriter json, ToolsRoot tools)
    {
        json.Begin("tools"u8);
        json.Add("directories"u8, tools.Directories);
        json.Begin("links"u8);
        foreach (var (name, target) in tools.Links)
            json.Add(name, target);
        json.End();
        json.Add("layers"u8, tools.Layers);
        json.Add("joinsCgroups"u8, tools.JoinsCgroups);
        if (tools.Confinement is { } confinement)
            Write(ref json, confinement);
        json.End();
    }

    public static ToolsRoot Read(ref JsonCursor json)
    {
        var tools = new ToolsRoot();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "directories": tools = tools with { Directories = json.Texts() }; break;
                case "links": tools = tools with { Links = json.TextMap() }; break;
                case "layers": tools = tools with { Layers = json.Texts() }; break;
                case "joinsCgroups": tools = tools with { JoinsCgroups = json.Flag() }; break;
                case "confinement": tools = tools with { Confinement = ReadConfinement(ref json) }; break;
                default: json.Skip(); break;
            }
        }
        return tools;
    }

    private static void Write(ref JsonObjectWriter json, Confinement confinement)
    {
        json.Begin("confinement"u8);
        json.Add("uid"u8, (long)confinement.Uid);
        json.Add("gid"u8, (long)confinement.Gid);
        json.Add("groups"u8, [.. confinement.Groups.Select(group => $"{group}")]);
        json.Add("bounding"u8, confinement.Bounding);
        json.Add("permitted"u8, confinement.Permitted);
        json.Add("effective"u8, confinement.Effective);
        json.Add("inheritable"u8, confinement.Inheritable);
        json.Add("ambient"u8, confinement.Ambient);
        json.Add("noNewPrivileges"u8, confinement.NoNewPrivileges);
        if (confinement.Profile is { } profile)
            json.Add("profile"u8, profile);
        if (confinement.SpecPath is { } spec)
            json.Add("specPath"u8, spec);
        json.End();
    }

    private static Confinement ReadConfinement(ref JsonCursor json)
    {
        var confinement = new Confinement();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "uid": confinement = confinement with { Uid = json.UInt() }; break;
                case "gid": confinement = confinement with { Gid = json.UInt() }; break;
                case "groups": confinement = confinement with { Groups = json.Texts().ConvertAll(uint.Parse) }; break;
                case "bounding": confinement = confinement with { Bounding = json.ULong() }; break;
                case "permitted": confinement = confinement with { Permitted = json.ULong() }; break;
                case "effective": confinement = confinement with { Effective = json.ULong() }; break;
                case "inheritable": confinement = confinement with { Inheritable = json.ULong() }; break;
                case "ambient": confinement = confinement with { Ambient = json.ULong() }; break;
                case "noNewPrivileges": confinement = confinement with { NoNewPrivileges = json.Flag() }; break;
                case "profile": confinement = confinement with { Profile = json.Text() }; break;
                case "specPath": confinement = confinement with { SpecPath = json.Text() }; break;
                default: json.Skip(); break;
            }
        }
        return confinement;
    }
}
