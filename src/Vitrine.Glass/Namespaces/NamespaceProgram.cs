using System.Text;
using Vitrine.Commands;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Glass.Namespaces;

/// <summary>The program that makes and joins namespaces. The glass box only says what it is to do, and becomes it.</summary>
internal static class NamespaceProgram
{
    private const string Shim = "vitrine-shim";

    /// <summary>Becomes a command in namespaces. Returns only by an exception.</summary>
    /// <param name="context">Its screen is flushed.</param>
    /// <param name="request">What is to be made and joined.</param>
    /// <param name="command">What is to run there; the user's shell where empty.</param>
    /// <param name="explains">Whether the steps are printed instead.</param>
    /// <exception cref="VitrineException">Unavailable: the program is not there.</exception>
    public static void Become(CommandContext context, NamespaceRequest request, IReadOnlyList<string> command, bool explains)
    {
        context.Screen.Out.Flush();
        var text = Encoding.UTF8.GetString(NamespaceRequestCodec.Write(request).Span);
        SiblingProgram.Become(Shim, explains ? ["--explain", text, .. command] : [text, .. command], NamespaceRequestCodec.ProgramName);
    }
}
