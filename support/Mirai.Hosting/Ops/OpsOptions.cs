using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Hosting.Ops;

/// <summary>The address at which a program without an API answers probes and shows its metrics: section
/// <c>Ops</c>.</summary>
public sealed class OpsOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Ops";

    /// <summary>The port; 0 takes a free one, -1 opens none.</summary>
    [Range(-1, 65535)]
    public int Port { get; set; } = 8081;

    /// <summary>The address to listen on: <c>127.0.0.1</c> is for callers on this machine only, <c>*</c> for all
    /// callers, such as probes from outside a container.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";
}

[OptionsValidator]
internal sealed partial class OpsOptionsValidator : IValidateOptions<OpsOptions>;
