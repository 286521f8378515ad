using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Platform.Generation;

namespace Mirai.Api.GenerationJobs;

/// <summary>Jobs that make courses from documents.</summary>
internal static class GenerationJobEndpoints
{
    private const int MaxBodyBytes = 64 * 1024;

    public static RouteGroupBuilder MapGenerationJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/generation-jobs").WithTags("Generation")
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapPost("", CreateAsync).WithSummary("Asks for a course, or for the lessons of one.")
            .WithJsonBody<GenerationJobRequest>(MaxBodyBytes);
        group.MapGet("/{id}", GetAsync).WithSummary("A job: its state, and how far it is.");
        group.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancels a job that is not finished.");
        return group;
    }

    // Answers that the results do not name (400, 413, 415, 503) come from exceptions.
    private static async Task<Accepted<GenerationJobResponse>> CreateAsync(
        HttpRequest request, GenerationJobStore jobs, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<GenerationJobRequest>(request, cancellationToken);
        try
        {
            var job = await jobs.CreateAsync(body.Read(), cancellationToken);
            return TypedResults.Accepted($"/api/generation-jobs/{job.Id}", GenerationJobResponse.From(job));
        }
        catch (InvalidGenerationException exception)
        {
            throw new InvalidRequestException(exception.Field, exception.Error);
        }
    }

    private static async Task<Results<Ok<GenerationJobResponse>, ProblemHttpResult>> GetAsync(
        string id, GenerationJobStore jobs, CancellationToken cancellationToken) =>
        Answer(id, Guid.TryParse(id, out var known) ? await jobs.FindAsync(known, cancellationToken) : null);

    private static async Task<Results<Ok<GenerationJobResponse>, ProblemHttpResult>> CancelAsync(
        string id, GenerationJobStore jobs, CancellationToken cancellationToken) =>
        Answer(id, Guid.TryParse(id, out var known) ? await jobs.CancelAsync(known, cancellationToken) : null);

    private static Results<Ok<GenerationJobResponse>, ProblemHttpResult> Answer(string id, GenerationJob? job) =>
        job is null
            ? TypedResults.Problem($"There is no generation job \"{id}\".", statusCode: StatusCodes.Status404NotFound)
            : TypedResults.Ok(GenerationJobResponse.From(job));
}
