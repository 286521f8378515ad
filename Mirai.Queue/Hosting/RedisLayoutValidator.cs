using Microsoft.Extensions.Options;

namespace Mirai.Queue.Hosting;

/// <summary>Stops the program at start when settings of the layouts contradict each other.</summary>
internal sealed class RedisLayoutValidator : IValidateOptions<QueueOptions>
{
    public ValidateOptionsResult Validate(string? name, QueueOptions options) =>
        options is { Layout: RedisLayout.Legacy, DrainLegacy: true }
            ? ValidateOptionsResult.Fail(
                $"{nameof(QueueOptions.DrainLegacy)} is for {nameof(RedisLayout)}.{nameof(RedisLayout.Current)}: it " +
                "moves tasks "
                + $"out of the layout that {nameof(QueueOptions.Layout)} names.")
            : ValidateOptionsResult.Success;
}
