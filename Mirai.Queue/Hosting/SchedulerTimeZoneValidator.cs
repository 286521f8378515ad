using Microsoft.Extensions.Options;
using Mirai.Queue.Scheduler;

namespace Mirai.Queue.Hosting;

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
