using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Worker.Schedules;

/// <summary>How the worker looks for work, from the configuration section <c>Polls</c>.</summary>
internal sealed class PollOptions
{
    public const string Section = "Polls";

    /// <summary>How often it looks.</summary>
    /// <value>1 s to 1 day. Default: 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class PollOptionsValidator : IValidateOptions<PollOptions>;
