using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Platform.Registrations;

namespace Mirai.Api.Registrations;

/// <summary>Registrations of people who want an account.</summary>
internal static class RegistrationEndpoints
{
    private const int MaxBodyBytes = 16 * 1024;

    public static RouteGroupBuilder MapRegistrations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/registrations").WithTags("Registrations")
            .RequireScopes(Scopes.PlatformRead, Scopes.PlatformWrite);
        group.MapPost("", CreateAsync).WithSummary("Notes who wants an account, until it is paid or expires.")
            .WithJsonBody<RegistrationRequest>(MaxBodyBytes);
        group.MapGet("/{id}", GetAsync).WithSummary("A registration: its state, and where to pay.");
        return group;
    }

    // Answers that the results do not name (400, 413, 415, 503) come from exceptions.
    private static async Task<Created<RegistrationResponse>> CreateAsync(
        HttpRequest request, RegistrationStore registrations, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<RegistrationRequest>(request, cancellationToken);
        var registration = await registrations.CreateAsync(body.Read(), cancellationToken);

        return TypedResults.Created(
            $"/api/registrations/{registration.Id}", RegistrationResponse.From(registration));
    }

    private static async Task<Results<Ok<RegistrationResponse>, ProblemHttpResult>> GetAsync(
        string id, RegistrationStore registrations, CancellationToken cancellationToken)
    {
        return Guid.TryParse(id, out var known)
            && await registrations.FindAsync(known, cancellationToken) is { } registration
            ? TypedResults.Ok(RegistrationResponse.From(registration))
            : TypedResults.Problem(
                $"There is no registration \"{id}\", or it has expired.", statusCode: StatusCodes.Status404NotFound);
    }
}

/// <summary>Body of <c>POST /api/registrations</c>: who wants an account.</summary>
internal sealed record RegistrationRequest
{
    public string? Email { get; init; }

    public string? Name { get; init; }

    /// <exception cref="InvalidRequestException">Fields are wrong.</exception>
    public NewRegistration Read()
    {
        var errors = new FieldErrors();
        if (!NewRegistration.IsEmail(Email))
        {
            errors.Add(
                "email",
                $"must be an e-mail address of at most {NewRegistration.MaxEmailLength} characters, such as " +
                "\"ann@example.org\"");
        }

        if (!NewRegistration.IsName(Name))
        {
            errors.Add(
                "name",
                $"must have 1 to {NewRegistration.MaxNameLength} characters, none of them a control character");
        }

        errors.ThrowIfAny();
        return new NewRegistration(Email!, Name!);
    }
}
