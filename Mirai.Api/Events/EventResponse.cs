using Mirai.Platform.Changes;

namespace Mirai.Api.Events;

/// <summary>A change as the API shows it. Members without a value are left out.</summary>
internal sealed record EventResponse(Guid? Id, string? State, int? Progress)
{
    public static EventResponse From(Change change) =>
        new(change.Id == Guid.Empty ? null : change.Id, change.State, change.Progress);
}
