namespace Mirai.Platform.Generation;

/// <summary>A job cannot be done: its documents or its course are gone, or there is nothing in them.</summary>
internal sealed class GenerationImpossibleException(string message) : Exception(message);
