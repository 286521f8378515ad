using System.Buffers.Text;
using Microsoft.Extensions.Options;
using Mirai.Api.Requests;

namespace Mirai.Api.Security;

/// <summary>Checks API keys, bearer tokens and origins. Messages name the setting and never its value, which may be a
/// secret in the wrong place.</summary>
internal sealed class CredentialsValidator : IValidateOptions<SecurityOptions>
{
    private const int HashDigits = 64;
    private const int LeastKeyBytes = 32;

    public ValidateOptionsResult Validate(string? name, SecurityOptions options)
    {
        var failures = options.ApiKeys.SelectMany(key => OfKey($"Security:ApiKeys:{key.Key}", key.Value))
            .Concat(OfJwt(options.Jwt))
            .Concat(options.CorsOrigins.Where(origin => !IsOrigin(origin)).Take(1).Select(
                _ => "Security:CorsOrigins: each must be an origin such as https://app.example.com."))
            .ToList();

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> OfKey(string setting, ApiKeyOptions key)
    {
        if (key.Hash.Length != HashDigits || !key.Hash.All(char.IsAsciiHexDigit))
        {
            yield return $"{setting}:Hash must be the SHA-256 of the key, {HashDigits} hexadecimal digits.";
        }

        if (key.Scopes.Count == 0 || key.Scopes.Except(Scopes.All).Any())
        {
            yield return $"{setting}:Scopes must be one or more of {string.Join(", ", Scopes.All)}.";
        }

        if (!key.Queues.All(queue => FieldValues.IsPattern(queue)))
        {
            yield return $"{setting}:Queues: each must be the name of a queue, or a prefix followed by *.";
        }

        if (!key.Types.All(type => FieldValues.IsPattern(type, alsoSlash: true)))
        {
            yield return $"{setting}:Types: each must be a type of tasks, or a prefix followed by *.";
        }

        if (key.NotAfter <= key.NotBefore)
        {
            yield return $"{setting}:NotAfter must be later than NotBefore.";
        }
    }

    private static IEnumerable<string> OfJwt(JwtOptions jwt)
    {
        if (!jwt.IsConfigured)
        {
            yield break;
        }

        if (string.IsNullOrEmpty(jwt.Audience))
        {
            yield return "Security:Jwt:Audience is required: a token for another service must not open this one.";
        }

        if (string.IsNullOrEmpty(jwt.SigningKey))
        {
            if (!Uri.TryCreate(jwt.Authority, UriKind.Absolute, out var authority)
                || authority.Scheme != Uri.UriSchemeHttps)
            {
                yield return "Security:Jwt:Authority must be an https address.";
            }

            yield break;
        }

        if (!Base64.IsValid(jwt.SigningKey, out var bytes) || bytes < LeastKeyBytes)
        {
            yield return $"Security:Jwt:SigningKey must be base64 of at least {LeastKeyBytes} bytes.";
        }

        if (string.IsNullOrEmpty(jwt.Issuer) || !string.IsNullOrEmpty(jwt.Authority))
        {
            yield return "Security:Jwt:SigningKey needs Issuer, and excludes Authority.";
        }
    }

    private static bool IsOrigin(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin;
}
