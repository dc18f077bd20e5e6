using Vitrine.TestKit;
using Vitrine.Tests.Integration.Images;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>
/// The .NET SDK as a client: dotnet publish -t:PublishContainer puts a program on top of a base image of a registry and loads it by
/// docker's command. Everything it needs comes with the SDK.
/// </summary>
public sealed class PublishContainerTests(ApiSandbox box, OpenRegistry open) : IClassFixture<ApiSandbox>, IClassFixture<OpenRegistry>
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net$(BundledNETCoreAppTargetFrameworkVersion)</TargetFramework>
            <UseAppHost>false</UseAppHost>
            <InvariantGlobalization>true</InvariantGlobalization>
            <RestoreSources>$(MSBuildThisFileDirectory)</RestoreSources>
            <ContainerRepository>from-the-sdk</ContainerRepository>
          </PropertyGroup>
        </Project>
        """;

    [Fact]
    public void PublishContainer_OnABaseImageOfARegistry_IsLoadedAndRuns()
    {
        Need.Program("docker", "docker-cli");
        var directory = Path.Combine(box.Files, "hello");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "hello.csproj"), Project);
        File.WriteAllText(Path.Combine(directory, "hello.cs"), """System.Console.WriteLine($"hello from {System.Environment.MachineName}, {string.Join(' ', args)}");""");
        // DIRECTORY/shared/Microsoft.NETCore.App/VERSION is what these tests run on.
        var host = new DirectoryInfo(typeof(object).Assembly.Location).Parent!.Parent!.Parent!.Parent!.FullName;

        Command.Run(Path.Combine(host, "dotnet"), ["publish", directory, "-t:PublishContainer", $"-p:ContainerBaseImage={open.Registry.Push("debian", "base")}", "-v", "quiet", "-nologo",
            "-nodeReuse:false", "-p:UseSharedCompilation=false"], null, new Dictionary<string, string?>(box.DockerEnvironment)
            {
                ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = open.Registry.Address,
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
            }, TimeSpan.FromMinutes(5)).ShouldSucceed();

        Assert.Equal("[\"dotnet\",\"/app/hello.dll\"]", box.DockerOk("inspect", "--format", "{{json .Config.Entrypoint}}", "from-the-sdk"));
        // The base has no runtime of its own: the SDK's is lent.
        Assert.Equal("hello from boxed, one two", box.DockerOk("run", "--rm", "--network", "none", "--hostname", "boxed", "--volume", $"{host}:{host}:ro",
            "--entrypoint", $"{host}/dotnet", "from-the-sdk", "/app/hello.dll", "one", "two"));
        box.DockerOk("rmi", "from-the-sdk");
    }
}
