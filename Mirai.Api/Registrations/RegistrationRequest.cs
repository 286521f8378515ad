namespace Mirai.Api.Registrations;

/// <summary>Who wants an account.</summary>
internal sealed record RegistrationRequest
{
    public string? Email { get; init; }

    public string? Name { get; init; }
}
