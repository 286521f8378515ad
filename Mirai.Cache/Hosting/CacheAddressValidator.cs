using Microsoft.Extensions.Options;

namespace Mirai.Cache.Hosting;

/// <summary>Reads the address at start, and not only at the first use.</summary>
internal sealed class CacheAddressValidator : IValidateOptions<CacheOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        if (!options.IsEnabled)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            RedisAddress.Parse(options.RedisUrl);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException exception)
        {
            return ValidateOptionsResult.Fail($"RedisUrl (CACHE_REDIS_URL, REDIS_URL): {exception.Message}");
        }
    }
}
