namespace Mirai.Queue;

/// <summary>The <see cref="RedisLayout"/> in use cannot carry an option, which
/// <see cref="ArgumentException.ParamName"/> names.</summary>
public sealed class LayoutNotSupportedException : ArgumentException
{
    internal LayoutNotSupportedException(string message, string option)
        : base(message, option)
    {
    }
}
