namespace Mirai.Platform.Database;

/// <summary>An account: there is exactly one for each paid checkout session.</summary>
internal sealed class AccountRow : IKeyed
{
    public required Guid Id { get; init; }

    public required string SessionId { get; init; }

    /// <summary>The registration that was paid, which may have expired before the money came.</summary>
    public required Guid? RegistrationId { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
