using Microsoft.Extensions.Options;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Hosting;

/// <summary>Stops the program at start when the address of Redis cannot be read.</summary>
internal sealed class RedisUrlValidator : IValidateOptions<QueueOptions>
{
    public ValidateOptionsResult Validate(string? name, QueueOptions options)
    {
        try
        {
            RedisUrl.Parse(options.RedisUrl);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException exception)
        {
            return ValidateOptionsResult.Fail($"{nameof(QueueOptions.RedisUrl)} (or REDIS_URL): {exception.Message}");
        }
    }
}

/// <summary>Stops the program at start when the scheduler's time zone does not exist.</summary>
internal sealed class SchedulerTimeZoneValidator : IValidateOptions<QueueSchedulerOptions>
{
    public ValidateOptionsResult Validate(string? name, QueueSchedulerOptions options)
    {
        try
        {
            CronSpec.FindZone(options.TimeZone ?? "");
            return ValidateOptionsResult.Success;
        }
        catch (FormatException exception)
        {
            return ValidateOptionsResult.Fail($"{nameof(options.TimeZone)}: {exception.Message}");
        }
    }
}

/// <summary>Stops the program at start when the settings about queues and limits contradict each other or the
/// handlers.</summary>
internal sealed class QueueLimitsValidator(IServiceProvider services) : IValidateOptions<QueueServerOptions>
{
    public ValidateOptionsResult Validate(string? name, QueueServerOptions options)
    {
        var types = services.GetAllNamed<HandlerRegistration>(name ?? "").Select(handler => handler.Pattern).ToList();
        string[] faults =
        [
            .. QueueFaults(options), .. QueueLimitFaults(options), .. TypeLimitFaults(options, types),
            .. DropFailedFaults(options),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> QueueFaults(QueueServerOptions options) => options.Queues.Keys
        .Select(queue => (Queue: queue, Fault: QueueName.EntryFault(queue)))
        .Where(entry => entry.Fault is not null)
        .Select(entry => $"{nameof(options.Queues)}: '{entry.Queue}' {entry.Fault}.");

    private static IEnumerable<string> QueueLimitFaults(QueueServerOptions options)
    {
        foreach (var (queue, limit) in options.QueueLimits)
        {
            if (limit < 1)
            {
                yield return $"{nameof(options.QueueLimits)}: the limit of '{queue}' must be 1 or more.";
            }

            if (QueueName.EntryFault(queue) is { } fault)
            {
                yield return $"{nameof(options.QueueLimits)}: '{queue}' {fault}.";
            }
            else if (!Serves(options, queue))
            {
                yield return $"{nameof(options.QueueLimits)}: '{queue}' is not among {nameof(options.Queues)}.";
            }
        }
    }

    // Settings without queues serve the default one. A pattern among the limits may be narrower than one among the
    // queues, or cover some of them.
    private static bool Serves(QueueServerOptions options, string queue) => options.Queues.Count == 0
        ? Fits(queue, EnqueueOptions.DefaultQueue)
        : options.Queues.Keys.Any(served => Fits(served, queue) || Fits(queue, served));

    private static bool Fits(string entry, string queue) =>
        entry == queue || (QueuePattern.IsPattern(entry) && QueuePattern.Matches(entry, queue));

    private static IEnumerable<string> TypeLimitFaults(QueueServerOptions options, List<string> handled)
    {
        foreach (var (type, limit) in options.TypeLimits)
        {
            if (limit < 1)
            {
                yield return $"{nameof(options.TypeLimits)}: the limit of '{type}' must be 1 or more.";
            }

            if (string.IsNullOrWhiteSpace(type))
            {
                yield return $"{nameof(options.TypeLimits)}: a task type must contain more than white space.";
            }
            else if (QueuePattern.IsPattern(type))
            {
                yield return $"{nameof(options.TypeLimits)}: '{type}' must not end in a star: the beginning of a " +
                    "type stands for all that begin so.";
            }
            else if (!handled.Exists(pattern => IsBeginning(pattern, type) || IsBeginning(type, pattern)))
            {
                yield return $"{nameof(options.TypeLimits)}: no handler runs tasks of type '{type}'.";
            }
        }
    }

    // A blank one would fit every type, and a star none.
    private static IEnumerable<string> DropFailedFaults(QueueServerOptions options) => options.DropFailed
        .Where(type => string.IsNullOrWhiteSpace(type) || QueuePattern.IsPattern(type))
        .Select(type => $"{nameof(options.DropFailed)}: '{type}' must be a task type or the beginning of some, " +
            "without a star.");

    private static bool IsBeginning(string beginning, string type) =>
        type.StartsWith(beginning, StringComparison.Ordinal);
}
