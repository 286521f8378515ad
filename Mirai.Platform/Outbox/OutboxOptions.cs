using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Outbox;

/// <summary>Settings of the outbox, from the configuration section <c>Outbox</c>.</summary>
internal sealed class OutboxOptions
{
    public const string Section = "Outbox";

    /// <summary>Pause between two looks for tasks that another process committed and did not publish. Tasks of this
    /// process are published at once.</summary>
    /// <value>100 ms to 10 min. Default: 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most tasks in one batch.</summary>
    /// <value>1 to 1,000. Default: 100.</value>
    [Range(1, 1_000)]
    public int BatchSize { get; set; } = 100;

    /// <summary>How long a published task stays in Redis after it has succeeded. During that time its id is taken, so
    /// that a relay that died before it marked the task as published cannot make the task run again.</summary>
    /// <value>1 min to 30 days. Default: 1 day.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan TaskRetention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Publishes tasks without retention and trace headers, which the legacy layout cannot store. In that
    /// layout the queue itself remembers the ids of such tasks for a day.</summary>
    /// <value>Follows the layout of the queue.</value>
    internal bool PlainTasks { get; set; }
}

[OptionsValidator]
internal sealed partial class OutboxOptionsValidator : IValidateOptions<OutboxOptions>;
