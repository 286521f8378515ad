using Mirai.Platform.Changes;

namespace Mirai.Platform.Generation;

/// <summary>What listeners are told of a job.</summary>
internal static class GenerationChange
{
    public static Change Of(Guid id, GenerationState state, int? percent = null) =>
        new(Change.GenerationJob, id, state.ToString().ToLowerInvariant(), percent);
}
