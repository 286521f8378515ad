using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Mirai.Platform;
using Mirai.Queue;
using Mirai.Queue.Hosting;

namespace Mirai.Worker.Schedules;

/// <summary>Settings of the polls, from the configuration section <c>Polls</c>.</summary>
internal sealed class PollOptions
{
    public const string Section = "Polls";

    /// <summary>Pause between two polls.</summary>
    /// <value>1 s to 1 day. Default: 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class PollOptionsValidator : IValidateOptions<PollOptions>;

/// <summary>Schedules the tasks that look for work every few seconds. Every worker has the schedule; each tick is
/// enqueued once.</summary>
internal static class Polls
{
    public static MiraiQueueBuilder AddPolls(this MiraiQueueBuilder queue, IConfiguration configuration)
    {
        var section = configuration.GetSection(PollOptions.Section);
        queue.Services.AddOptions<PollOptions>().Bind(section).ValidateOnStart();
        queue.Services.AddSingleton<IValidateOptions<PollOptions>, PollOptionsValidator>();

        // The archive would fill with polls that failed, and the next poll comes within seconds.
        queue.Services.Configure<QueueServerOptions>(server =>
        {
            server.DropFailed.Add("ai:generation:poll");
            server.DropFailed.Add("sme:ingestion:poll");
        });

        var interval = (section.Get<PollOptions>() ?? new PollOptions()).Interval;
        var spec = $"@every {GoDuration.Format(interval)}";
        return queue
            .AddPeriodicTask(spec, new AiGenerationPoll(), OneAtATime)
            .AddPeriodicTask(spec, new SmeIngestionPoll(), OneAtATime);
    }

    // Polls would pile up behind a slow poll, and while no worker runs.
    private static PeriodicTask OneAtATime(PeriodicTask task) => task with { Overlap = OverlapPolicy.Skip };
}
