namespace Vitrine.Insight.Json;

/// <content>What is in it: network, environment and secrets.</content>
public static partial class ExplanationJson
{
    private static void Write(JsonFields json, NetworkSection value)
    {
        json.Objects("interfaces", value.Interfaces, Write);
        json.Texts("addresses", value.Addresses);
        json.Text("defaultGateway", value.DefaultGateway);
        json.Objects("routes", value.Routes, Write);
        json.Objects("listeners", value.Listeners, Write);
        json.Objects("publishedPorts", value.PublishedPorts, Write);
        json.Objects("names", value.Names, Write);
        json.Number("establishedConnections", value.EstablishedConnections);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, NetworkInterface value)
    {
        json.Text("name", value.Name);
        json.Unsigned("receivedBytes", value.ReceivedBytes);
        json.Unsigned("sentBytes", value.SentBytes);
        json.Text("hostInterface", value.HostInterface);
        json.Text("bridge", value.Bridge);
        json.Text("network", value.Network);
    }

    private static void Write(JsonFields json, NetworkRoute value)
    {
        json.Text("destination", value.Destination);
        json.Text("gateway", value.Gateway);
        json.Text("interface", value.Interface);
    }

    private static void Write(JsonFields json, PublishedPort value)
    {
        json.Text("protocol", value.Protocol);
        json.Text("hostAddress", value.HostAddress);
        json.Number("hostPort", value.HostPort);
        json.Text("address", value.Address);
        json.Number("port", value.Port);
        json.Text("element", value.Element);
    }

    private static void Write(JsonFields json, NameAnswer value)
    {
        json.Text("name", value.Name);
        json.Text("network", value.Network);
        json.Texts("addresses", value.Addresses);
    }

    private static void Write(JsonFields json, Listener value)
    {
        json.Text("protocol", value.Protocol);
        json.Text("address", value.Address);
        json.Number("port", value.Port);
        json.Number("pid", value.Pid);
        json.Text("command", value.Command);
    }

    private static void Write(JsonFields json, OpenFileSection value)
    {
        json.Objects("files", value.Files, Write);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, OpenFileFact value)
    {
        json.Number("number", value.Number);
        json.Text("kind", value.Kind);
        json.Text("target", value.Target);
        json.Text("access", value.Access);
        json.Flag("deleted", value.Deleted);
        json.Flag("outside", value.Outside);
    }

    private static void Write(JsonFields json, SecretSection value)
    {
        json.Objects("environment", value.Environment, Write);
        json.Texts("arguments", value.Arguments);
        json.Objects("findings", value.Findings, Write);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, EnvironmentVariable value)
    {
        json.Text("name", value.Name);
        json.Text("value", value.Value);
        json.Flag("hidden", value.Hidden);
        json.Text("source", value.Source);
    }

    private static void Write(JsonFields json, SecretFinding value)
    {
        json.Choice("place", value.Place);
        json.Text("name", value.Name);
        json.Text("kind", value.Kind);
        json.Text("confidence", value.Confidence);
        json.Text("source", value.Source);
        json.Number("length", value.Length);
        json.Text("fingerprint", value.Fingerprint);
        json.Texts("leaksAt", value.LeaksAt);
        json.Text("value", value.Value);
    }
}
