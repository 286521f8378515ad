using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Cleanup;

/// <summary>Settings of <see cref="CleanupExpired"/>, from the configuration section <c>Cleanup</c>.</summary>
internal sealed class CleanupOptions
{
    public const string Section = "Cleanup";

    /// <summary>The most rows that one statement deletes.</summary>
    /// <value>1 to 1,000. Default: 500.</value>
    [Range(1, 1_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>How long a published task stays in the outbox table.</summary>
    /// <value>1 h to 1 year. Default: 7 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan OutboxRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a finished generation job stays.</summary>
    /// <value>1 h to 1 year. Default: 30 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan JobRetention { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class CleanupOptionsValidator : IValidateOptions<CleanupOptions>;
