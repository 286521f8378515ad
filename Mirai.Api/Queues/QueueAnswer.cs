using Microsoft.AspNetCore.Http.HttpResults;

namespace Mirai.Api.Queues;

/// <summary>What is answered when a queue is not there.</summary>
internal static class QueueAnswer
{
    public static ProblemHttpResult NotFound(string queue) =>
        TypedResults.Problem($"There is no queue '{queue}'.", statusCode: StatusCodes.Status404NotFound);
}
