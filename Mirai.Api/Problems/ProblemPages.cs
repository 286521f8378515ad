using Microsoft.AspNetCore.Diagnostics;

namespace Mirai.Api.Problems;

/// <summary>Gives a body to answers that have none: unknown routes and methods.</summary>
internal static class ProblemPages
{
    public static Task WriteAsync(StatusCodeContext context) => TypedResults
        .Problem(statusCode: context.HttpContext.Response.StatusCode)
        .ExecuteAsync(context.HttpContext);
}
