using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Generation.Model;

/// <summary>Settings of the model that writes courses, from the configuration section <c>Model</c>. Any endpoint of
/// OpenAI's chat completions will do.</summary>
internal sealed class ModelOptions
{
    public const string Section = "Model";

    /// <summary>The name of the model. Without a name, courses are made from the sentences of the
    /// documents.</summary>
    /// <value>Default: none.</value>
    [StringLength(200)]
    public string? Name { get; set; }

    /// <summary>The address of the endpoint, without <c>/chat/completions</c>.</summary>
    /// <value>An address of http or https. Default: <c>https://api.openai.com/v1</c>.</value>
    [Required]
    public string BaseUrl { get; set; } = "https://api.openai.com/v1";

    /// <summary>The key of the endpoint. A local endpoint often needs none. Mirai never logs the key.</summary>
    /// <value>Default: none.</value>
    public string? ApiKey { get; set; }

    /// <summary>The longest time that one answer may take.</summary>
    /// <value>1 s to 30 min. Default: 3 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The longest answer, in tokens.</summary>
    /// <value>256 to 200,000. Default: 8,192.</value>
    [Range(256, 200_000)]
    public int MaxOutputTokens { get; set; } = 8_192;

    /// <summary>The most characters of the documents that one request contains. Of longer documents, chunks are left
    /// out evenly.</summary>
    /// <value>1,000 to 4,000,000. Default: 60,000.</value>
    [Range(1_000, 4_000_000)]
    public int MaxSourceCharacters { get; set; } = 60_000;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Name);
}

[OptionsValidator]
internal sealed partial class ModelOptionsValidator : IValidateOptions<ModelOptions>;

/// <summary>Stops the program at start when the address of the model is not valid.</summary>
internal sealed class ModelAddressValidator : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options) =>
        Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ModelOptions.Section}:{nameof(options.BaseUrl)} must be an address that begins with http:// or "
                + "https://.");
}
