using System.Globalization;
using System.Net.Http.Headers;

namespace Mirai.Platform.Generation.Model;

/// <summary>Reads how long a server asks to be left alone.</summary>
internal static class RetryAfter
{
    private const int TooManyRequests = 429;
    private const int ServiceUnavailable = 503;

    /// <summary>Whether the answer says "later" rather than "no".</summary>
    public static bool IsBusy(int status) => status == TooManyRequests;

    /// <summary>Whether an answer of that status may say when to come again.</summary>
    public static bool MayTell(int status) => status is TooManyRequests or ServiceUnavailable;

    /// <summary>The header of that name.</summary>
    /// <returns><see langword="null"/> when there is none, or it says nothing.</returns>
    public static TimeSpan? Read(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>The headers that OpenAI's endpoints send: <c>retry-after-ms</c>, or <c>retry-after</c>.</summary>
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
