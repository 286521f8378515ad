using System.Text.Json.Serialization;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>The task that is in the way of another.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="State">Where it is; <see langword="null"/> when it is gone meanwhile, or Redis does not
/// answer.</param>
/// <param name="Url">Where to look at it.</param>
internal sealed record ExistingTask(
    string Id, string Queue, [property: JsonConverter(typeof(TaskStateConverter))] TaskState? State, string Url);
