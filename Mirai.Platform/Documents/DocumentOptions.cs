using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Documents;

/// <summary>Limits of documents, from the configuration section <c>Documents</c>.</summary>
public sealed class DocumentOptions
{
    /// <summary>The largest document that is stored, in bytes.</summary>
    /// <value>1 to 64 MiB. Default: 16 MiB.</value>
    [Range(1, 64 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The largest Markdown, HTML or plain text, in bytes. The limit is low because hostile Markdown takes
    /// minutes for each megabyte.</summary>
    /// <value>1 to 4 MiB; <see cref="MaxBytes"/> applies as well. Default: 1 MiB.</value>
    [Range(1, 4 * 1024 * 1024)]
    public int MaxTextBytes { get; set; } = 1024 * 1024;

    /// <summary>The longest time that reading one document may take.</summary>
    /// <value>1 s to 1 h. Default: 2 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The largest document of a format.</summary>
    /// <param name="format">The format; <see langword="null"/> when it is not yet known.</param>
    /// <returns>Bytes.</returns>
    public int MaxBytesOf(DocumentFormat? format) =>
        format?.IsText == true ? Math.Min(MaxBytes, MaxTextBytes) : MaxBytes;
}

[OptionsValidator]
internal sealed partial class DocumentOptionsValidator : IValidateOptions<DocumentOptions>;
