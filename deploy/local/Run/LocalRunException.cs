namespace Mirai.Local.Run;

/// <summary>The run cannot go on; the message is for the person at the keyboard.</summary>
internal sealed class LocalRunException(string message) : Exception(message);
