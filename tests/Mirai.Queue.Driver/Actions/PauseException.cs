namespace Mirai.Queue.Driver.Actions;

/// <summary>The queue is paused already, or is not: Asynq refuses that, Mirai.Queue only tells.</summary>
internal sealed class PauseException(string message) : Exception(message);
