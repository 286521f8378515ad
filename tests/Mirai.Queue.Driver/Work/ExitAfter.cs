using System.Globalization;
using Mirai.Queue.Driver.Arguments;

namespace Mirai.Queue.Driver.Work;

/// <summary>When a server stops by itself.</summary>
/// <param name="Tasks">After so many tasks.</param>
/// <param name="Duration">After so long.</param>
internal sealed record ExitAfter(int? Tasks, TimeSpan? Duration)
{
    public static ExitAfter Read(Flags flags) => flags.Text("exit-after") switch
    {
        null => new ExitAfter(null, null),
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tasks)
            && tasks > 0 => new ExitAfter(tasks, null),
        var text when GoDuration.TryParse(text, out var duration)
            && duration > TimeSpan.Zero => new ExitAfter(null, duration),
        var text => throw Flags.Wrong("exit-after", text, "a number of tasks or a duration"),
    };
}
