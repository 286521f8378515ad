using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Mirai.Platform.Generation.Model;

/// <summary>Asks the model for JSON of a schema, checks the answer, and lets the model correct a wrong answer once.
/// </summary>
/// <param name="call">Sends the requests.</param>
/// <param name="options">The limits of an answer.</param>
internal sealed class ModelQuestion(ModelCall call, ModelOptions options)
{
    private const int MostErrorsNamed = 20;

    /// <summary>Asks, and asks once more when the answer is not valid.</summary>
    /// <param name="instructions">The instructions for the model.</param>
    /// <param name="material">The sources.</param>
    /// <param name="answer">The form of the answer.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="ModelFailedException">The second answer is not valid either.</exception>
    public async Task<T> AskAsync<T>(
        string instructions, string material, AnswerForm<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        List<ChatMessage> messages = [new(ChatRole.System, instructions), new(ChatRole.User, material)];
        var format = new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(answer.Schema, answer.Name),
            MaxOutputTokens = options.MaxOutputTokens,
        };

        var first = await call.AskAsync(messages, format, cancellationToken);
        if (Read(first, answer, out var errors) is { } good)
        {
            return good;
        }

        messages.Add(new ChatMessage(ChatRole.Assistant, first.Text));
        messages.Add(new ChatMessage(
            ChatRole.User,
            $"That is not valid:\n- {string.Join("\n- ", errors)}\n"
            + "Answer again, with the whole corrected JSON and nothing else."));
        var second = await call.AskAsync(messages, format, cancellationToken);

        return Read(second, answer, out errors) ?? throw new ModelFailedException(
            $"The model's answer is not valid, not even after a correction: {string.Join("; ", errors)}");
    }

    private static T? Read<T>(ChatResponse response, AnswerForm<T> answer, out IReadOnlyList<string> errors)
        where T : class
    {
        if (response.FinishReason == ChatFinishReason.ContentFilter)
        {
            throw new ModelRefusedException("The content filter of the model blocked the answer.");
        }

        if (response.FinishReason == ChatFinishReason.Length)
        {
            errors = ["the answer is too long and was cut off"];
            return null;
        }

        try
        {
            var value = JsonSerializer.Deserialize(Json(response.Text), answer.Type);
            errors = value is null
                ? ["the answer must be a JSON object"]
                : [.. answer.Check(value).Take(MostErrorsNamed)];
            return errors.Count == 0 ? value : null;
        }
        catch (JsonException exception)
        {
            errors = [exception.Message];
            return null;
        }
    }

    // Some models wrap their JSON in a block of Markdown, whatever the instructions say.
    private static string Json(string text)
    {
        var (start, end) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        return start >= 0 && end > start ? text[start..(end + 1)] : text;
    }
}
