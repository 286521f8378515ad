namespace Mirai.Api.Requests;

/// <summary>A body that is no JSON.</summary>
/// <param name="reason">What the parser met.</param>
/// <param name="line">Where, from 1.</param>
/// <param name="position">At which byte of the line, from 1.</param>
internal sealed class MalformedJsonException(string reason, long line, long position) : Exception(reason)
{
    public long Line { get; } = line;

    public long Position { get; } = position;
}
