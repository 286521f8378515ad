using System.Text.Json.Serialization;
using Mirai.Platform.Registrations;

namespace Mirai.Api.Registrations;

/// <summary>A registration as the API shows it. Members without a value are left out.</summary>
internal sealed record RegistrationResponse
{
    public required Guid Id { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    [JsonConverter(typeof(CamelCaseEnumConverter<RegistrationState>))]
    public required RegistrationState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it waits for its payment.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where to pay.</summary>
    public string? PaymentUrl { get; init; }

    public Guid? AccountId { get; init; }

    public static RegistrationResponse From(Registration registration) => new()
    {
        Id = registration.Id,
        Email = registration.Email,
        Name = registration.Name,
        State = registration.State,
        CreatedAt = registration.CreatedAt,
        ExpiresAt = registration.State == RegistrationState.Pending ? registration.ExpiresAt : null,
        PaymentUrl = registration.PaymentUrl?.AbsoluteUri,
        AccountId = registration.AccountId,
    };
}
