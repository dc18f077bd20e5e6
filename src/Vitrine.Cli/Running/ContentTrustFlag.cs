using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Running;

/// <summary><c>--disable-content-trust</c>: content is verified by digest always; to ask for signatures is to ask for what nobody would do.</summary>
internal sealed class ContentTrustFlag : Flag
{
    public ContentTrustFlag()
        : base("disable-content-trust", None, "", "Skip image verification")
    {
        IsHidden = true;
    }

    public override string ImpliedValue => "true";

    protected override void Accept(string text)
    {
        if (!GoValue.ParseBool(text))
            throw new FlagValueException("signatures of images (Notary) are not verified; their content always is, by digest");
    }
}
