namespace Mirai.Api.Security;

/// <summary>Whose bearer tokens (JWT) are taken: those of an authority that publishes its keys, or those that were
/// made with one key that is known here.</summary>
internal sealed class JwtOptions
{
    /// <summary>Address of the authority, for instance <c>https://login.example.com/</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>For whom the tokens must be made out. Required with either of the others.</summary>
    public string? Audience { get; set; }

    /// <summary>Who must have made them out.</summary>
    /// <value>Default: what the authority says. Required with <see cref="SigningKey"/>.</value>
    public string? Issuer { get; set; }

    /// <summary>The key of HMAC-SHA256, at least 32 bytes, in base64.</summary>
    public string? SigningKey { get; set; }

    public bool IsConfigured => !string.IsNullOrEmpty(Authority) || !string.IsNullOrEmpty(SigningKey);
}
