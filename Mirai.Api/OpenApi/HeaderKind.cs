namespace Mirai.Api.OpenApi;

/// <summary>A header that a route understands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
internal sealed record HeaderKind(string Name, string Description);
