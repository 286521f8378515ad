namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>A handler that works until the test lets it go, or it is cancelled.</summary>
internal sealed class HeldHandler
{
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<byte[]?> result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has begun.</summary>
    public Task Started => started.Task;

    public async Task RunAsync(TaskContext context)
    {
        started.TrySetResult();
        if (await result.Task.WaitAsync(context.CancellationToken) is { } bytes)
        {
            await context.WriteResultAsync(bytes);
        }
    }

    /// <summary>Lets it go.</summary>
    /// <param name="bytes">What it writes as its result, if anything.</param>
    public void Finish(byte[]? bytes = null) => result.TrySetResult(bytes);
}
