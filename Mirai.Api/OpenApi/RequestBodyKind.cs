namespace Mirai.Api.OpenApi;

/// <summary>What the body of a request holds. Routes read their bodies themselves, to name the field that is wrong:
/// only the description of the API has to be told.</summary>
/// <param name="Type">What the JSON is read into; <see langword="null"/> for bytes.</param>
/// <param name="ContentTypes">How it may be sent.</param>
internal sealed record RequestBodyKind(Type? Type, IReadOnlyList<string> ContentTypes);
