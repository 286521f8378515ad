using Microsoft.Extensions.Options;

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
