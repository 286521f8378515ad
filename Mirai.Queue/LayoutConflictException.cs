namespace Mirai.Queue;

/// <summary>The database holds keys of the other <see cref="RedisLayout"/>. The message names some, and what to
/// do.</summary>
public sealed class LayoutConflictException : InvalidOperationException
{
    internal LayoutConflictException(string message)
        : base(message)
    {
    }
}
