using System.Diagnostics;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Client;

/// <summary>Turns a task and its options into what the store of the current layout stores.</summary>
internal sealed class NewTaskFactory : ITaskFactory
{
    NewTask ITaskFactory.Create(QueueTask task, EnqueueOptions options, DateTimeOffset now) => Create(
        task, options, now);

    /// <exception cref="ArgumentException">An option is not valid; the message names it.</exception>
    public static NewTask Create(QueueTask task, EnqueueOptions options, DateTimeOffset now)
    {
        var message = TaskMessageConverter.ToMessage(task, options);
        if (Activity.Current is { } activity)
        {
            TraceHeaders.Inject(activity, message.Headers);
        }

        var processAt = DueTime(options, now);

        return new NewTask(message, options.TaskId is not null, processAt, LockLifetime(options, processAt, now));
    }

    /// <summary>How long the lock of a task lasts: it counts from the due time.</summary>
    internal static TimeSpan LockLifetime(EnqueueOptions options, DateTimeOffset? processAt, DateTimeOffset now) =>
        (options.UniqueFor ?? TimeSpan.Zero) + ((processAt ?? now) - now);

    /// <summary>When the task is due; a time that has passed means now, which is no schedule.</summary>
    internal static DateTimeOffset? DueTime(EnqueueOptions options, DateTimeOffset now)
    {
        if (options is { ProcessAt: not null, ProcessIn: not null })
        {
            throw Excluding(nameof(EnqueueOptions.ProcessIn), nameof(EnqueueOptions.ProcessAt));
        }

        var due = options.ProcessAt ?? Later(now, options.ProcessIn);
        return due > now ? due : null;
    }

    private static DateTimeOffset? Later(DateTimeOffset now, TimeSpan? delay) =>
        delay <= DateTimeOffset.MaxValue - now ? now + delay : delay is null ? null : DateTimeOffset.MaxValue;

    private static ArgumentException Excluding(string option, string other) =>
        new($"{option} and {other} exclude each other.", option);
}
