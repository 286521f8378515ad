using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Queue;

/// <summary>Settings that producers and workers share.</summary>
public sealed class QueueOptions
{
    /// <summary>Where Redis is: <c>redis://</c>, <c>rediss://</c>, <c>redis-socket://</c>, <c>redis-sentinel://</c>,
    /// or <c>host:port</c>. See <see cref="Mirai.Queue.RedisUrl"/>.</summary>
    /// <value>Default: <c>localhost:6379</c>.</value>
    [Required]
    public string RedisUrl { get; set; } = "localhost:6379";

    /// <summary>How long an enqueue may take in all. A call that Redis did not answer is repeated within this time,
    /// under the same task id, so that it stores the task once.</summary>
    /// <value>50 ms to 10 min. Default: 5 s.</value>
    [TimeSpanRange("00:00:00.05", "00:10:00")]
    public TimeSpan EnqueueTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class QueueOptionsValidator : IValidateOptions<QueueOptions>;
