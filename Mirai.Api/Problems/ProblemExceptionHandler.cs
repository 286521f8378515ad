using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Api.Tasks;
using Mirai.Platform.Payments;
using Mirai.Queue;
using Mirai.Queue.Legacy;
using StackExchange.Redis;

namespace Mirai.Api.Problems;

/// <summary>Turns exceptions into problem details (RFC 9457). The text of an exception that may name a server goes to
/// the log only.</summary>
internal sealed partial class ProblemExceptionHandler(
    TaskConflict conflicts, OutageLog outages, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    // The API tries to connect again every two seconds.
    private const int RetryAfterSeconds = 5;

    public async ValueTask<bool> TryHandleAsync(
        HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            InvalidRequestException invalid => Invalid(invalid),
            AccessDeniedException => Plain(StatusCodes.Status403Forbidden, exception),
            TaskNotFoundException or QueueNotFoundException => Plain(StatusCodes.Status404NotFound, exception),
            TaskStateException or QueueNotEmptyException => Plain(StatusCodes.Status409Conflict, exception),
            LayoutNotSupportedException unsupported => Invalid(Unsupported(unsupported)),
            MalformedJsonException malformed => Malformed(malformed),
            BadHttpRequestException bad => BadHttp(bad),
            DuplicateTaskException duplicate => await conflicts.DescribeAsync(duplicate, cancellationToken),
            TaskIdConflictException conflict => await conflicts.DescribeAsync(conflict, cancellationToken),
            RedisException or TimeoutException => Unavailable(context, exception, "Redis"),
            DbException or { InnerException: DbException } => Unavailable(context, exception, "The database"),
            WebhookRefusedException refused => Refused(refused),
            StripeUnavailableException => Unavailable(context, exception, "The payment service"),
            InvalidDataException => Unreadable(exception),
            _ => Unexpected(exception),
        };

        await TypedResults.Problem(problem).ExecuteAsync(context);
        return true;
    }

    private static HttpValidationProblemDetails Invalid(InvalidRequestException exception) => new(exception.Errors)
    {
        Status = exception.StatusCode,
        Title = ReasonPhrases.GetReasonPhrase(exception.StatusCode),
    };

    // Options are named like the fields of a request.
    private static InvalidRequestException Unsupported(LayoutNotSupportedException exception) =>
        new(JsonNamingPolicy.CamelCase.ConvertName(exception.ParamName!), exception.Message);

    // The messages of these exceptions are written for callers.
    private static ProblemDetails Plain(int status, Exception exception) => new()
    {
        Status = status,
        Detail = exception.Message,
    };

    private static HttpValidationProblemDetails Malformed(MalformedJsonException exception) => new(
        new Dictionary<string, string[]> { ["body"] = [exception.Message] })
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "Malformed JSON",
        Detail = $"The body is not valid JSON: see line {exception.Line}, byte {exception.Position}.",
        Extensions = { ["line"] = exception.Line, ["position"] = exception.Position },
    };

    private static ProblemDetails BadHttp(BadHttpRequestException exception) => new()
    {
        Status = exception.StatusCode,
        Detail = exception.Message,
    };

    private ProblemDetails Unavailable(HttpContext context, Exception exception, string what)
    {
        outages.Note(what, exception);
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);

        return new ProblemDetails
        {
            Status = OutageLog.IsFull(exception)
                ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status503ServiceUnavailable,
            Detail = $"{what} {OutageLog.Describe(exception)}.",
        };
    }

    // The log does not quote the event: its sender is unknown.
    private ProblemDetails Refused(WebhookRefusedException exception)
    {
        LogRefused(exception.Message);
        return new ProblemDetails { Status = StatusCodes.Status400BadRequest, Detail = exception.Message };
    }

    // Another program wrote it, and a retry reads the same bytes.
    private ProblemDetails Unreadable(Exception exception)
    {
        LogUnreadable(exception.Message);
        return new ProblemDetails
        {
            Status = StatusCodes.Status500InternalServerError,
            Detail = "The stored data cannot be read by this version of Mirai.",
        };
    }

    private ProblemDetails Unexpected(Exception exception)
    {
        LogUnexpected(exception);
        return new ProblemDetails { Status = StatusCodes.Status500InternalServerError };
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Stored data cannot be read; the request was answered with 500: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "An event of the payment webhook was refused with 400: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Unhandled exception; the request was answered with 500")]
    private partial void LogUnexpected(Exception exception);
}

/// <summary>Gives answers without a body (unknown routes and methods) a problem as their body.</summary>
internal static class ProblemPages
{
    public static Task WriteAsync(StatusCodeContext context) => TypedResults
        .Problem(statusCode: context.HttpContext.Response.StatusCode)
        .ExecuteAsync(context.HttpContext);
}
