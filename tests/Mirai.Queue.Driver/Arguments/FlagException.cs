namespace Mirai.Queue.Driver.Arguments;

/// <summary>The command line is wrong; the message says how, in one line.</summary>
internal sealed class FlagException(string message) : Exception(message);
