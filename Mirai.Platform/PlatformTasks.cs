using System.Text.Json;
using System.Text.Json.Serialization;
using Mirai.Queue;

namespace Mirai.Platform;

/// <summary>Reads a stored document: sections, text, word counts and key terms.</summary>
/// <param name="DocumentId">The document, stored before the task is enqueued.</param>
/// <remarks>The task can be repeated: a second run stores the same again. A document that does not exist or cannot be
/// read ends the task without retries.</remarks>
[QueueTask("sme:ingestion", Queue = "default", MaxRetry = 3)]
public sealed record SmeIngestion(Guid DocumentId);

/// <summary>Enqueues a <see cref="SmeIngestion"/> for documents that lost their task.</summary>
[QueueTask("sme:ingestion:poll", Queue = "default", MaxRetry = 0, TimeoutSeconds = 60)]
public sealed record SmeIngestionPoll;

/// <summary>Generates a course, or writes the lessons of one.</summary>
/// <param name="JobId">The job, stored before the task is enqueued.</param>
/// <remarks>The task can be repeated: a run continues where the last one stopped. A job that is cancelled or done ends
/// the task. A job that does not exist, whose documents cannot be used or whose model refuses ends it without retries.
/// A model that asks for a pause uses no retry.</remarks>
[QueueTask("ai:generation", Queue = "default", MaxRetry = 3)]
public sealed record AiGeneration(Guid JobId);

/// <summary>Enqueues an <see cref="AiGeneration"/> for each job whose documents are read, and for jobs that lost their
/// task.</summary>
[QueueTask("ai:generation:poll", Queue = "default", MaxRetry = 0, TimeoutSeconds = 60)]
public sealed record AiGenerationPoll;

/// <summary>Sets up the account that a checkout session paid for, and marks its registration.</summary>
/// <param name="SessionId">Stripe's id of the session, for instance <c>cs_live_a1b2</c>.</param>
/// <remarks>The task can be repeated: a session has one account, however often the task runs. A session that is
/// unknown or not paid ends the task without retries.</remarks>
[QueueTask("stripe:provision", Queue = "critical", MaxRetry = 10, TimeoutSeconds = 120)]
public sealed record StripeProvision([property: Sensitive] string SessionId);

/// <summary>Finds paid sessions that have no account, for instance because an event of Stripe was lost.</summary>
[QueueTask("stripe:reconcile", Queue = "critical", MaxRetry = 3, TimeoutSeconds = 600)]
public sealed record StripeReconcile;

/// <summary>Deletes expired registrations, stale cache entries, old outbox rows and old generation jobs.</summary>
[QueueTask("cleanup:expired", Queue = "low", MaxRetry = 1, TimeoutSeconds = 600)]
public sealed record CleanupExpired;

/// <summary>The payloads of the platform's tasks as JSON, with camelCase names; a missing field is an error. Producers
/// and workers register the context with <c>AddJsonContext(PlatformTasksJson.Default)</c>.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AiGeneration))]
[JsonSerializable(typeof(AiGenerationPoll))]
[JsonSerializable(typeof(CleanupExpired))]
[JsonSerializable(typeof(SmeIngestion))]
[JsonSerializable(typeof(SmeIngestionPoll))]
[JsonSerializable(typeof(StripeProvision))]
[JsonSerializable(typeof(StripeReconcile))]
public sealed partial class PlatformTasksJson : JsonSerializerContext;
