namespace Mirai.Local.Run;

/// <summary>Waits until the API is ready.</summary>
internal static class ApiReady
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task WaitAsync(Uri api, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = api };
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!await AnswersAsync(client, cancellationToken))
        {
            if (time.GetElapsedTime(started) > Timeout)
            {
                throw new LocalRunException(
                    $"The API at {api} was not ready within {Timeout}. The lines of the API above show the reason.");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
