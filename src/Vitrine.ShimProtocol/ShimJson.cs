using System.Text.Json.Serialization;

namespace Vitrine.ShimProtocol;

/// <summary>JSON of plan.json, state.json and the control socket.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 32)]
[JsonSerializable(typeof(ShimPlan))]
[JsonSerializable(typeof(ContainerState))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(AttachRequest))]
[JsonSerializable(typeof(SignalRequest))]
[JsonSerializable(typeof(TerminalSize))]
[JsonSerializable(typeof(WaitRequest))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(ReloadRequest))]
[JsonSerializable(typeof(ExecRequest))]
[JsonSerializable(typeof(StartedReply))]
[JsonSerializable(typeof(FailedReply))]
[JsonSerializable(typeof(ExitedReply))]
public sealed partial class ShimJson : JsonSerializerContext;
