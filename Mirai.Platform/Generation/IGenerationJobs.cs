using System.Data.Common;

namespace Mirai.Platform.Generation;

/// <summary>Jobs that make courses, in the platform's database.</summary>
/// <remarks>Every method throws a <see cref="DbException"/>, itself or as the inner exception, when the database
/// cannot be reached or stays locked: nothing is changed then.</remarks>
public interface IGenerationJobs
{
    /// <summary>Stores a job as <see cref="GenerationState.Queued"/>. A poll enqueues its task once its documents are
    /// read.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidGenerationException">A document, the course or the folder does not exist, or a field is
    /// out of its limits.</exception>
    Task<GenerationJob> CreateAsync(GenerationRequest request, CancellationToken cancellationToken = default);

    /// <summary>A job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is no such job.</returns>
    Task<GenerationJob?> FindAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Cancels a job that is not finished. A worker that is at it notices within seconds; lessons that are
    /// written stay.</summary>
    /// <param name="id">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The job as it is now; <see langword="null"/> when there is no such job.</returns>
    Task<GenerationJob?> CancelAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Enqueues the tasks of jobs whose documents are read, fails those that cannot be done, and gives a new
    /// task to jobs that lost theirs. Any number of workers may do so at the same time.</summary>
    /// <param name="cancellationToken">Gives up; what is left is done the next time.</param>
    /// <returns>How many tasks were enqueued.</returns>
    Task<int> PollAsync(CancellationToken cancellationToken = default);

    /// <summary>Does a job, or what is left of it.</summary>
    /// <param name="id">The job.</param>
    /// <param name="cancellationToken">Ends it; what is made stays, and the next run goes on from there.</param>
    /// <returns>The job as it is now; <see langword="null"/> when there is no such job.</returns>
    /// <exception cref="ModelBusyException">The model asks to come later.</exception>
    /// <exception cref="ModelFailedException">The model failed; another time it may not.</exception>
    Task<GenerationJob?> RunAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Nobody will try a job again.</summary>
    /// <param name="id">The job.</param>
    /// <param name="reason">Why, in words for whoever asked for it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when it is stored.</returns>
    Task FailAsync(Guid id, string reason, CancellationToken cancellationToken = default);
}
