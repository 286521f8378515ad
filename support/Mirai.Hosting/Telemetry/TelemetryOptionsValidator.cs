using Microsoft.Extensions.Options;

namespace Mirai.Hosting.Telemetry;

[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
