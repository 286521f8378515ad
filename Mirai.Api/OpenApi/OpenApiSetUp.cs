using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Mirai.Api.Tasks;
using Scalar.AspNetCore;

namespace Mirai.Api.OpenApi;

/// <summary>The description of the API: <c>/openapi/v1.json</c> for programs, <c>/scalar</c> for people.</summary>
internal static class OpenApiSetUp
{
    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi(description =>
    {
        description.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        description.AddDocumentTransformer<DocumentDescription>();
        description.AddOperationTransformer<OperationDescription>();
        description.AddSchemaTransformer<RawJsonSchema>();

        // Describe bytes (text in base64) in place, not as a schema of their own.
        description.CreateSchemaReferenceId = type => type.Type == typeof(ReadOnlyMemory<byte>)
            || type.Type == typeof(ReadOnlyMemory<byte>?) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
    });

    public static void MapDescription(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.ShowsDescription
            ?? app.Environment.IsDevelopment())
        {
            app.MapOpenApi().AllowAnonymous();
            app.MapScalarApiReference(page => page.WithTitle("Mirai").DisableDefaultFonts()).AllowAnonymous();
        }
    }
}

/// <summary>Describes members that hold any JSON as such.</summary>
internal sealed class RawJsonSchema : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo?.CustomConverter is RawJsonConverter)
        {
            (schema.Type, schema.Format, schema.OneOf, schema.AnyOf) = (null, null, null, null);
        }

        return Task.CompletedTask;
    }
}
