namespace Vitrine.Insight.Traffic;

/// <summary>The engine gives no answer, or none that can be understood, before the client has had one: the client is told so (502).</summary>
internal sealed class EngineLostException(string message, Exception? inner = null) : Exception(message, inner);
