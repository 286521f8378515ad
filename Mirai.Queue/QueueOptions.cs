using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Queue;

/// <summary>Settings that producers and workers share.</summary>
public sealed class QueueOptions
{
    /// <summary>Where Redis is: <c>redis://</c>, <c>rediss://</c>, <c>redis-socket://</c>, <c>redis-sentinel://</c>,
    /// or <c>host:port</c>. See <see cref="Hosting.RedisUrl"/>.</summary>
    /// <value>Default: <c>localhost:6379</c>.</value>
    [Required]
    public string RedisUrl { get; set; } = "localhost:6379";

    /// <summary>How long an enqueue may take in all. A call that Redis did not answer is repeated within this time,
    /// under the same task id, so that it stores the task once.</summary>
    /// <value>50 ms to 10 min. Default: 5 s.</value>
    [TimeSpanRange("00:00:00.05", "00:10:00")]
    public TimeSpan EnqueueTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How tasks lie in Redis. In environments <c>QUEUE_LAYOUT</c>: <c>current</c> or
    /// <c>legacy</c>.</summary>
    /// <value>Default: <see cref="RedisLayout.Current"/>.</value>
    [EnumDataType(typeof(RedisLayout))]
    public RedisLayout Layout { get; set; }

    /// <summary>Lets workers of the current layout move tasks over that old producers still put into
    /// <c>asynq:queues:&lt;queue&gt;</c> of the same database: the oldest first, each exactly once.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool DrainLegacy { get; set; }

    /// <summary>Starts although the database holds keys of the other layout. The two share names with different
    /// contents (<c>asynq:queues</c>, <c>asynq:servers</c>), so that inspectors of both show nonsense.</summary>
    /// <value>Default: <see langword="false"/>, which refuses to start.</value>
    public bool AllowMixedLayouts { get; set; }
}

[OptionsValidator]
internal sealed partial class QueueOptionsValidator : IValidateOptions<QueueOptions>;
