namespace Mirai.Platform.Database;

/// <summary>A row whose id is a UUID of version 7: later rows have greater ids.</summary>
internal interface IKeyed
{
    Guid Id { get; }
}
