namespace Vitrine.Insight.Traffic;

/// <summary>What a call of the Docker Engine API does, in a few words.</summary>
public static class CallMeaning
{
    // First match decides; * stands for one part, ** at the end for any number.
    private static readonly (string Pattern, string Meaning)[] s_meanings =
    [
        ("* _ping", "is the engine there, and which version does it speak"),
        ("GET version", "the engine's version"), ("GET info", "about the engine and its host"), ("GET events", "listen to events"),
        ("POST auth", "log in to a registry"), ("GET system df", "how much room things take"),
        ("GET containers json", "list containers"), ("POST containers create", "make a container"), ("POST containers prune", "remove stopped containers"),
        ("GET containers * json", "all about a container"), ("GET containers * top", "its processes"), ("GET containers * logs", "its log"),
        ("GET containers * changes", "which of its files changed"), ("GET containers * export", "all its files as a tar"), ("GET containers * stats", "what it uses"),
        ("POST containers * start", "start it"), ("POST containers * stop", "stop it"), ("POST containers * restart", "restart it"),
        ("POST containers * kill", "send it a signal"), ("POST containers * wait", "wait for its end"), ("POST containers * attach", "connect to its input and output"),
        ("GET containers * attach ws", "connect to its input and output"), ("POST containers * resize", "set its terminal's size"),
        ("POST containers * update", "change its limits"), ("POST containers * rename", "rename it"), ("POST containers * pause", "freeze it"),
        ("POST containers * unpause", "let it run on"), ("POST containers * exec", "prepare a command in it"), ("DELETE containers *", "remove it"),
        ("HEAD containers * archive", "about a file in it"), ("GET containers * archive", "files out of it"), ("PUT containers * archive", "files into it"),
        ("POST exec * start", "run the prepared command"), ("POST exec * resize", "set the command's terminal size"), ("GET exec * json", "how the command ended"),
        ("GET images json", "list images"), ("POST images create", "pull or import an image"), ("POST images pull", "pull an image"), ("POST images load", "images from a tar"), ("GET images get", "images as a tar"),
        ("POST images prune", "remove unused images"), ("GET images search", "search a registry"), ("POST build", "build an image"), ("POST build prune", "empty the build cache"),
        ("POST commit", "make an image of a container"), ("GET distribution **", "about an image in its registry"),
        ("GET networks", "list networks"), ("POST networks create", "make a network"), ("POST networks prune", "remove unused networks"), ("GET networks *", "all about a network"),
        ("POST networks * connect", "connect a container to it"), ("POST networks * disconnect", "disconnect a container from it"), ("DELETE networks *", "remove a network"),
        ("GET volumes", "list volumes"), ("POST volumes create", "make a volume"), ("POST volumes prune", "remove unused volumes"), ("GET volumes *", "all about a volume"),
        ("DELETE volumes *", "remove a volume"), ("POST session", "a channel for a build"), ("POST grpc", "a channel to the builder"),
    ];

    /// <summary>The words, for podman's own API too where it calls things as docker's does; empty where the call is none of these.</summary>
    public static string Of(EngineCall call)
    {
        foreach (var (pattern, meaning) in s_meanings)
        {
            if (Matches(pattern.Split(' '), call))
                return meaning;
        }
        return call.Operation is ["images", _, ..] ? OfImage(call) : "";
    }

    private static string OfImage(EngineCall call) => call.Method switch
    {
        "DELETE" => "remove an image or its tag",
        "POST" => call.Operation[^1] switch { "tag" => "give an image another name", "push" => "push an image", _ => "" },
        _ => call.Operation[^1] switch { "json" => "all about an image", "history" => "how an image came to be", "get" => "an image as a tar", _ => "" },
    };

    private static bool Matches(string[] pattern, EngineCall call)
    {
        var parts = call.Operation;
        if (pattern[0] != "*" && pattern[0] != call.Method)
            return false;
        if (pattern[^1] == "**")
            return parts is [var first, ..] && first == pattern[1];
        return parts.Length == pattern.Length - 1 && parts.Zip(pattern[1..]).All(pair => pair.Second == "*" || pair.First == pair.Second);
    }
}
