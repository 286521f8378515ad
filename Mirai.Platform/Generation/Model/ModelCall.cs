using System.ClientModel;
using System.Globalization;
using Microsoft.Extensions.AI;
using Polly.Timeout;

namespace Mirai.Platform.Generation.Model;

/// <summary>One question to the model, and what its failures mean for the task.</summary>
internal sealed class ModelCall(IChatClient client, TimeProvider time)
{
    // What a busy endpoint is given when it does not say how long.
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(30);

    /// <summary>Asks.</summary>
    /// <exception cref="ModelBusyException">The endpoint says when to come again.</exception>
    /// <exception cref="ModelRefusedException">Asking again will not help.</exception>
    /// <exception cref="ModelFailedException">Asking again may help.</exception>
    public async Task<ChatResponse> AskAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (ClientResultException exception)
        {
            throw Understand(exception);
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
            // OpenAI's library meets an answer that is none: half a JSON, HTML of a proxy, no choice.
            throw new ModelFailedException($"The model's answer cannot be read: {exception.Message}", exception);
        }
    }

    private Exception Understand(ClientResultException exception)
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
        _ => "It does not take the question.",
    };
}
