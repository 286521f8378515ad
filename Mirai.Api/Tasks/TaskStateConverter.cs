using System.Text.Json;
using System.Text.Json.Serialization;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>States in the words of Asynq: <c>pending</c>, <c>retry</c>.</summary>
internal sealed class TaskStateConverter()
    : JsonStringEnumConverter<TaskState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
