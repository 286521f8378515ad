using Microsoft.Extensions.Options;

namespace Mirai.Cache;

/// <summary>Stops the program at start when a setting is out of its limits.</summary>
[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;
