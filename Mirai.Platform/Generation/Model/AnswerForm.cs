using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mirai.Platform.Generation.Model;

/// <summary>What an answer must be.</summary>
/// <typeparam name="T">What it is read as.</typeparam>
/// <param name="Name">What the schema is called.</param>
/// <param name="Schema">The JSON schema that the model is given.</param>
/// <param name="Type">How it is read.</param>
/// <param name="Check">What the schema cannot say: gives what is wrong.</param>
internal sealed record AnswerForm<T>(
    string Name, JsonElement Schema, JsonTypeInfo<T> Type, Func<T, IEnumerable<string>> Check);
