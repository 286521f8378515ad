using Microsoft.Extensions.Options;

namespace Mirai.Platform.Generation.Model;

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
