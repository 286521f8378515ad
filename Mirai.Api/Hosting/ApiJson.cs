using System.Net.ServerSentEvents;
using System.Text.Json.Serialization;
using Mirai.Api.Courses;
using Mirai.Api.Documents;
using Mirai.Api.Events;
using Mirai.Api.Folders;
using Mirai.Api.GenerationJobs;
using Mirai.Api.Groups;
using Mirai.Api.Payments;
using Mirai.Api.Queues;
using Mirai.Api.Registrations;
using Mirai.Api.Schedules;
using Mirai.Api.Servers;
using Mirai.Api.Tasks;
using Mirai.Platform.Library;

namespace Mirai.Api.Hosting;

/// <summary>Everything the API reads and writes as JSON, by generated code. Names are exact: <c>Type</c> is not
/// <c>type</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EnqueueTaskRequest))]
[JsonSerializable(typeof(TaskResponse))]
[JsonSerializable(typeof(List<TaskResponse>))]
[JsonSerializable(typeof(TaskMatchesResponse))]
[JsonSerializable(typeof(RescheduleRequest))]
[JsonSerializable(typeof(PayloadRequest))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkResponse))]
[JsonSerializable(typeof(ExistingTask))]
[JsonSerializable(typeof(List<QueueResponse>))]
[JsonSerializable(typeof(List<QueueDayResponse>))]
[JsonSerializable(typeof(QueueChangeResponse))]
[JsonSerializable(typeof(List<GroupResponse>))]
[JsonSerializable(typeof(List<ServerResponse>))]
[JsonSerializable(typeof(List<ScheduleResponse>))]
[JsonSerializable(typeof(List<ScheduleEventResponse>))]
[JsonSerializable(typeof(DocumentResponse))]
[JsonSerializable(typeof(IReadOnlyList<ChunkResponse>))]
[JsonSerializable(typeof(LibraryIndex))]
[JsonSerializable(typeof(IReadOnlyList<Folder>))]
[JsonSerializable(typeof(IReadOnlyList<Course>))]
[JsonSerializable(typeof(CourseRequest))]
[JsonSerializable(typeof(FolderRequest))]
[JsonSerializable(typeof(FolderResponse))]
[JsonSerializable(typeof(GenerationJobRequest))]
[JsonSerializable(typeof(GenerationJobResponse))]
[JsonSerializable(typeof(EventResponse))]
[JsonSerializable(typeof(SseItem<string>))]
[JsonSerializable(typeof(Guid[]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(object))]
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(RegistrationResponse))]
[JsonSerializable(typeof(WebhookResponse))]
[JsonSerializable(typeof(long))]
internal sealed partial class ApiJson : JsonSerializerContext;
