using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>When an attempt has taken too long (docs/wire.md, "Deadline of an execution").</summary>
internal static class AttemptDeadline
{
    public static DateTimeOffset For(TaskMessage message, DateTimeOffset now)
    {
        var deadline = WireTime.FromSeconds(message.Deadline);
        if (message.Timeout > 0)
        {
            var timeout = Add(now, WireTime.ToDuration(message.Timeout));
            return deadline < timeout ? deadline.Value : timeout;
        }

        // Neither can only come from a producer that cut half a second to nothing; Asynq takes 30 minutes then.
        return deadline ?? now + EnqueueOptions.DefaultTimeout;
    }

    private static DateTimeOffset Add(DateTimeOffset time, TimeSpan duration) =>
        duration < DateTimeOffset.MaxValue - time ? time + duration : DateTimeOffset.MaxValue;
}
