using Microsoft.Extensions.Options;
using Mirai.Api.Queues;
using Mirai.Api.Requests;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Lets requests wait for the end of a task, up to <see cref="ApiOptions.MaxWaits"/> of them at the same time
/// and until the program stops.</summary>
/// <remarks>No worker announces the end of a task, so a wait polls: one round trip each time, with pauses that grow
/// from 50 ms to 1 s.</remarks>
internal sealed class TaskWaits(
    QueueReader queues, IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>How long a request may wait. Proxies close quiet connections a little later.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(1);

    private int count;

    /// <summary>Waits until a task has ended, until the task is deleted, or for the given time.</summary>
    /// <param name="task">The task as it was found.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The task as it is now; <see langword="null"/> when it no longer exists.</returns>
    /// <exception cref="InvalidRequestException">Too many wait already.</exception>
    public async Task<TaskInfo?> WaitAsync(TaskInfo task, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref count) > options.Value.MaxWaits)
            {
                throw new InvalidRequestException(
                    "wait", $"{options.Value.MaxWaits} requests wait already; try again later, or omit it",
                    StatusCodes.Status503ServiceUnavailable);
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(
                lifetime.ApplicationStopping, cancellationToken);
            return await LookAsync(task, patience, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The program stops: answer with the task as it was found.
            return task;
        }
        finally
        {
            Interlocked.Decrement(ref count);
        }
    }

    private async Task<TaskInfo?> LookAsync(TaskInfo task, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var current = (TaskInfo?)task;
        for (var pause = FirstPause; current is not null && !HasEnded(current); pause = Min(2 * pause, LastPause))
        {
            var rest = patience - time.GetElapsedTime(began);
            if (rest <= TimeSpan.Zero)
            {
                break;
            }

            await Task.Delay(Min(pause, rest), time, cancellationToken);
            current = await queues.FindTaskAsync(task.Queue, task.Id, cancellationToken);
        }

        return current;
    }

    private static bool HasEnded(TaskInfo task) => task.State is TaskState.Completed or TaskState.Archived;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
