using System.ClientModel;
using System.Globalization;
using Microsoft.Extensions.AI;
using Polly.Timeout;

namespace Mirai.Platform.Generation.Model;

/// <summary>Sends one request to the model, and translates failures into what they mean for the task.</summary>
internal sealed class ModelCall(IChatClient client, TimeProvider time)
{
    // The pause for a busy endpoint that names none.
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(30);

    /// <summary>Sends the messages and waits for the answer.</summary>
    /// <exception cref="ModelBusyException">The endpoint asks for a pause.</exception>
    /// <exception cref="ModelRefusedException">The model refuses; trying again does not help.</exception>
    /// <exception cref="ModelFailedException">The model failed; a later attempt may succeed.</exception>
    public async Task<ChatResponse> AskAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (ClientResultException exception)
        {
            throw Translate(exception);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or TimeoutRejectedException or TimeoutException or IOException)
        {
            throw new ModelFailedException($"The model did not answer: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelFailedException("The model did not answer in time.", exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // OpenAI's library throws various exceptions for answers that it cannot read: half a JSON document, the
            // HTML of a proxy, no choice.
            throw new ModelFailedException($"The model's answer cannot be read: {exception.Message}", exception);
        }
    }

    private Exception Translate(ClientResultException exception)
    {
        var status = exception.Status;
        var headers = exception.GetRawResponse()?.Headers;
        string? milliseconds = null, seconds = null;
        _ = headers?.TryGetValue("retry-after-ms", out milliseconds);
        _ = headers?.TryGetValue("retry-after", out seconds);
        var wait = RetryAfter.Read(milliseconds, seconds, time.GetUtcNow());
        if (RetryAfter.IsBusy(status) || (RetryAfter.MayTell(status) && wait is not null))
        {
            return new ModelBusyException(wait ?? UsualWait, exception);
        }

        var what = string.Create(CultureInfo.InvariantCulture, $"The model answered with HTTP {status}.");
        return status is >= 400 and < 500 and not 408 and not 409
            ? new ModelRefusedException($"{what} {Hint(status)}", exception)
            : new ModelFailedException(what, exception);
    }

    private static string Hint(int status) => status switch
    {
        401 or 403 => "Check Model:ApiKey.",
        404 => "Check Model:BaseUrl and Model:Name.",
        _ => "The model does not accept the request.",
    };
}
