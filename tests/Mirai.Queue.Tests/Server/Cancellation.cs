namespace Mirai.Queue.Tests.Server;

/// <summary>Lets a handler wait for its cancellation, without a clock.</summary>
internal static class Cancellation
{
    /// <summary>Ends when the token fires, as a cancelled task.</summary>
    public static async Task WaitAsync(CancellationToken token)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(() => fired.TrySetCanceled(token));
        await fired.Task;
    }
}
