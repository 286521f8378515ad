namespace Mirai.Queue.Hosting;

/// <summary>A retry delay as the application registered it.</summary>
/// <param name="Pattern">A task type, or the beginning of some.</param>
/// <param name="Delay">The pause.</param>
internal sealed record RetryDelayRegistration(string Pattern, RetryDelayFunc Delay);
