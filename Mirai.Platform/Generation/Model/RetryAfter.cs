using System.Globalization;
using System.Net.Http.Headers;

namespace Mirai.Platform.Generation.Model;

/// <summary>Reads the pause that a server asks for.</summary>
internal static class RetryAfter
{
    private const int TooManyRequests = 429;
    private const int ServiceUnavailable = 503;

    /// <summary>Whether an answer of that status asks for a pause.</summary>
    public static bool IsBusy(int status) => status == TooManyRequests;

    /// <summary>Whether an answer of that status may name a pause.</summary>
    public static bool MayTell(int status) => status is TooManyRequests or ServiceUnavailable;

    /// <summary>Reads the header <c>Retry-After</c>.</summary>
    /// <returns><see langword="null"/> when the header is missing or names no pause.</returns>
    public static TimeSpan? Read(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>Reads the headers that OpenAI's endpoints send: <c>retry-after-ms</c>, else
    /// <c>retry-after</c>.</summary>
    public static TimeSpan? Read(string? milliseconds, string? header, DateTimeOffset now)
    {
        if (double.TryParse(milliseconds, CultureInfo.InvariantCulture, out var exact)
            && exact is >= 0 and < int.MaxValue)
        {
            return TimeSpan.FromMilliseconds(exact);
        }

        return RetryConditionHeaderValue.TryParse(header, out var parsed) ? Read(parsed, now) : null;
    }
}
