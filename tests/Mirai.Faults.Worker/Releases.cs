using System.Collections.Concurrent;

namespace Mirai.Faults.Worker;

/// <summary>The tasks that may end. The test releases them by the id of the task, or all of them by a star.</summary>
internal sealed class Releases
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> byTask = new();
    private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task WaitAsync(string task, CancellationToken cancellationToken) =>
        await (await Task.WhenAny(Find(task).Task, all.Task).WaitAsync(cancellationToken));

    /// <summary>Reads "release" commands until the input ends.</summary>
    public async Task ReadAsync(TextReader input)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            var source = line == "*" ? all : Find(line);
            source.TrySetResult();
        }
    }

    private TaskCompletionSource Find(string task) => byTask.GetOrAdd(
        task, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
