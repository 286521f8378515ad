using Microsoft.Extensions.Options;
using Mirai.Platform;
using Mirai.Queue;
using Mirai.Queue.Hosting;

namespace Mirai.Worker.Schedules;

/// <summary>Looks for work every few seconds. Every worker has the schedule; each look happens once.</summary>
internal static class Polls
{
    public static MiraiQueueBuilder AddPolls(this MiraiQueueBuilder queue, IConfiguration configuration)
    {
        var section = configuration.GetSection(PollOptions.Section);
        queue.Services.AddOptions<PollOptions>().Bind(section).ValidateOnStart();
        queue.Services.AddSingleton<IValidateOptions<PollOptions>, PollOptionsValidator>();

        // A poll that failed is worth nothing: the next one comes in seconds.
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

    // While no worker runs, or one poll is slow, others would only pile up behind it.
    private static PeriodicTask OneAtATime(PeriodicTask task) => task with { Overlap = OverlapPolicy.Skip };
}
