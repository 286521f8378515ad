using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Mirai.Api.Tasks;

namespace Mirai.Api.OpenApi;

/// <summary>Says of members that pass on JSON that they may be anything.</summary>
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
