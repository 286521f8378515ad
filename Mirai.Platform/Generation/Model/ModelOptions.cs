using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Generation.Model;

/// <summary>The model that writes courses, from the configuration section <c>Model</c>: any endpoint that speaks
/// OpenAI's chat completions.</summary>
internal sealed class ModelOptions
{
    public const string Section = "Model";

    /// <summary>The name of the model. Without one there is no model, and courses are put together from the documents'
    /// own sentences.</summary>
    /// <value>Default: none.</value>
    [StringLength(200)]
    public string? Name { get; set; }

    /// <summary>Where it is, up to what comes before <c>/chat/completions</c>.</summary>
    /// <value>An address of http or https. Default: <c>https://api.openai.com/v1</c>.</value>
    [Required]
    public string BaseUrl { get; set; } = "https://api.openai.com/v1";

    /// <summary>The key it asks for; endpoints of one's own often ask for none. Never logged.</summary>
    /// <value>Default: none.</value>
    public string? ApiKey { get; set; }

    /// <summary>How long one answer may take.</summary>
    /// <value>1 s to 30 min. Default: 3 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The longest answer, in tokens.</summary>
    /// <value>256 to 200,000. Default: 8,192.</value>
    [Range(256, 200_000)]
    public int MaxOutputTokens { get; set; } = 8_192;

    /// <summary>How much of the documents one question carries, in characters. What is more is left out
    /// evenly.</summary>
    /// <value>1,000 to 4,000,000. Default: 60,000.</value>
    [Range(1_000, 4_000_000)]
    public int MaxSourceCharacters { get; set; } = 60_000;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Name);
}

[OptionsValidator]
internal sealed partial class ModelOptionsValidator : IValidateOptions<ModelOptions>;

/// <summary>Stops the program at start when the model's address is none.</summary>
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
