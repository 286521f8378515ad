using Microsoft.Extensions.Options;

namespace Mirai.Hosting.Ops;

[OptionsValidator]
internal sealed partial class OpsOptionsValidator : IValidateOptions<OpsOptions>;
