using Mirai.Platform.Registrations;

namespace Mirai.Platform.Database;

/// <summary>A registration as the database keeps it.</summary>
internal sealed class RegistrationRow : IKeyed
{
    public required Guid Id { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    public required RegistrationState State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public Guid? AccountId { get; set; }
}
