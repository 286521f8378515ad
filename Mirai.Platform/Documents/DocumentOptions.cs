using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Documents;

/// <summary>Limits of documents, from the configuration section <c>Documents</c>.</summary>
public sealed class DocumentOptions
{
    /// <summary>The largest document that is stored, in bytes.</summary>
    /// <value>1 to 4 MiB. Default: 1 MiB.</value>
    [Range(1, 4 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class DocumentOptionsValidator : IValidateOptions<DocumentOptions>;
