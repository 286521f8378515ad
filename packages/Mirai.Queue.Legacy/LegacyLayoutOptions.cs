using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Queue.Legacy;

/// <summary>How tasks lie in Redis. All processes on one database must use the same layout.</summary>
public enum RedisLayout
{
    /// <summary>The layout of Asynq 0.18 to 0.26: keys <c>asynq:{&lt;queue&gt;}:…</c>.</summary>
    Current,

    /// <summary>The layout of Asynq 0.10 and 0.11: keys <c>asynq:queues:&lt;queue&gt;</c>. Payloads are JSON objects.
    /// The layout has no groups, headers, retention and results, and does not work on a Redis Cluster.</summary>
    Legacy,
}

/// <summary>Settings of the legacy layout, in the same section as <see cref="QueueOptions"/>.</summary>
public sealed class LegacyLayoutOptions
{
    /// <summary>How tasks lie in Redis. The environment variable <c>QUEUE_LAYOUT</c> (<c>current</c> or <c>legacy</c>)
    /// overrides it.</summary>
    /// <value>Default: <see cref="RedisLayout.Current"/>.</value>
    [EnumDataType(typeof(RedisLayout))]
    public RedisLayout Layout { get; set; }

    /// <summary>Lets workers of the current layout move tasks over that old producers still put into
    /// <c>asynq:queues:&lt;queue&gt;</c> of the same database: the oldest first, each exactly once.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool DrainLegacy { get; set; }

    /// <summary>Starts although the database holds keys of the other layout. The two layouts share key names with
    /// different contents (<c>asynq:queues</c>, <c>asynq:servers</c>), so inspectors of both show wrong data.</summary>
    /// <value>Default: <see langword="false"/>, which refuses to start.</value>
    public bool AllowMixedLayouts { get; set; }
}

/// <summary>The database holds keys of the other <see cref="RedisLayout"/>. The message names some of the keys and the
/// ways out.</summary>
public sealed class LayoutConflictException(string message) : InvalidOperationException(message);

/// <summary>The <see cref="RedisLayout"/> in use does not support an option;
/// <see cref="ArgumentException.ParamName"/> names the option.</summary>
public sealed class LayoutNotSupportedException(string message, string option) : ArgumentException(message, option);

[OptionsValidator]
internal sealed partial class LegacyLayoutOptionsValidator : IValidateOptions<LegacyLayoutOptions>;

/// <summary>Stops the program at start when the settings of the layouts contradict each other.</summary>
internal sealed class DrainDirectionValidator : IValidateOptions<LegacyLayoutOptions>
{
    public ValidateOptionsResult Validate(string? name, LegacyLayoutOptions options) =>
        options is { Layout: RedisLayout.Legacy, DrainLegacy: true }
            ? ValidateOptionsResult.Fail(
                $"{nameof(options.DrainLegacy)} moves tasks out of the legacy layout, so it works only with "
                + $"{nameof(options.Layout)}={nameof(RedisLayout.Current)}.")
            : ValidateOptionsResult.Success;
}
