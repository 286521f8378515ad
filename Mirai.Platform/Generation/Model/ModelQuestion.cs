using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Mirai.Platform.Generation.Model;

/// <summary>A question whose answer is JSON of a schema: what comes back is checked, and once the model may mend
/// it.</summary>
/// <param name="call">Asks.</param>
/// <param name="options">Limits of the answer.</param>
internal sealed class ModelQuestion(ModelCall call, ModelOptions options)
{
    private const int MostErrorsNamed = 20;

    /// <summary>Asks, and asks once more when the answer is not as it must be.</summary>
    /// <param name="instructions">What the model is to do.</param>
    /// <param name="material">What it is to do it with.</param>
    /// <param name="answer">What the answer must be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ModelFailedException">The second answer is not as it must be either.</exception>
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
            $"The model's answer is not as it must be, also after it was told: {string.Join("; ", errors)}");
    }

    private static T? Read<T>(ChatResponse response, AnswerForm<T> answer, out IReadOnlyList<string> errors)
        where T : class
    {
        if (response.FinishReason == ChatFinishReason.ContentFilter)
        {
            throw new ModelRefusedException("The model's content filter does not let its answer through.");
        }

        if (response.FinishReason == ChatFinishReason.Length)
        {
            errors = ["it ends in the middle, because it is too long"];
            return null;
        }

        try
        {
            var value = JsonSerializer.Deserialize(Json(response.Text), answer.Type);
            errors = value is null ? ["it must be a JSON object"] : [.. answer.Check(value).Take(MostErrorsNamed)];
            return errors.Count == 0 ? value : null;
        }
        catch (JsonException exception)
        {
            errors = [exception.Message];
            return null;
        }
    }

    // Some models put their JSON into a block of Markdown, whatever they are told.
    private static string Json(string text)
    {
        var (start, end) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        return start >= 0 && end > start ? text[start..(end + 1)] : text;
    }
}
