using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Mirai.Queue.Server.Finishing;

namespace Mirai.Queue;

/// <summary>Settings of one worker server.</summary>
public sealed class QueueServerOptions
{
    /// <summary>How many tasks run at the same time.</summary>
    /// <value>1 to 100,000. Default: the number of processors.</value>
    [Range(1, 100_000)]
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>The queues to serve and their weights: with 6, 3 and 1, a queue gets 60, 30 and 10 % of the tasks
    /// taken while all have some waiting. Queues with a weight below 1 or a blank name are not served. A name that
    /// ends in a star stands for every queue that begins so, as it appears, each with that weight; a queue's own entry
    /// wins, then the longest pattern. Read again when the configuration changes.</summary>
    /// <value>Default: empty, which serves <see cref="EnqueueOptions.DefaultQueue"/> alone.</value>
    public IDictionary<string, int> Queues { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many tasks of a queue run at the same time in this server; the others stay in the queue. The names
    /// are those of <see cref="Queues"/>, or of queues that a pattern there stands for; with a pattern here, each of
    /// its queues gets that limit. Read again when the configuration changes.</summary>
    /// <value>1 or more each. Default: none.</value>
    public IDictionary<string, int> QueueLimits { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many tasks of a type, or of all whose type begins so, run at the same time in this server,
    /// whatever their queues; of several that fit, the longest counts. A task too many waits in <c>retry</c> without
    /// using one, and runs as soon as there is room. Read again when the configuration changes.</summary>
    /// <value>1 or more each; there must be a handler. Default: none.</value>
    public IDictionary<string, int> TypeLimits { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Takes from a queue only while all queues of greater weight are empty or at their limit. Read again
    /// when the configuration changes.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool StrictPriority { get; set; }

    /// <summary>How often an idle server looks for tasks whose producer sends no signal (Go, for instance); varied by
    /// half, so that servers do not march in step. As often it looks for queues that a pattern stands for. Tasks of
    /// Mirai clients are taken at once.</summary>
    /// <value>10 ms to 1 min. Default: 1 s.</value>
    [TimeSpanRange("00:00:00.01", "00:01:00")]
    public TimeSpan TaskCheckInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two looks for due tasks. A task that is known to be due earlier is forwarded
    /// then.</summary>
    /// <value>100 ms to 1 h. Default: 5 s.</value>
    [TimeSpanRange("00:00:00.1", "01:00:00")]
    public TimeSpan ForwardInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the server looks for tasks of dead workers. They come back 30 s after their lease ran out,
    /// which is 30 s after the last sign of life.</summary>
    /// <value>1 s to 1 h. Default: 15 s.</value>
    [TimeSpanRange("00:00:01", "01:00:00")]
    public TimeSpan RecoverInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often completed tasks past their retention are deleted and archives are trimmed.</summary>
    /// <value>1 s to 1 h. Default: 8 s.</value>
    [TimeSpanRange("00:00:01", "01:00:00")]
    public TimeSpan JanitorInterval { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How many tasks one step of the janitor deletes; steps follow each other until nothing is
    /// left.</summary>
    /// <value>1 to 1,000. Default: 100.</value>
    [Range(1, 1_000)]
    public int JanitorBatchSize { get; set; } = 100;

    /// <summary>How long a group waits for another task; each one that comes starts the wait again. Then its tasks are
    /// aggregated, if the application has an <see cref="ITaskAggregator"/>.</summary>
    /// <value>1 s to 30 d, whole seconds. Default: 1 min.</value>
    [TimeSpanRange("00:00:01", "30.00:00:00")]
    public TimeSpan GroupGracePeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the first task of a group waits at most, however many follow; fractions count as a whole
    /// second.</summary>
    /// <value>0 to 30 d. Default: 0, which sets no limit.</value>
    [TimeSpanRange("00:00:00", "30.00:00:00")]
    public TimeSpan GroupMaxDelay { get; set; }

    /// <summary>How many tasks make a group due at once, and are aggregated into one task at most.</summary>
    /// <value>0 to 1,000,000. Default: 0, which sets no limit but 32 MiB of messages for one task.</value>
    [Range(0, 1_000_000)]
    public int GroupMaxSize { get; set; }

    /// <summary>How long handlers may go on after the server was told to stop. What still runs then is cancelled and
    /// put back to the front of its queue, without counting an attempt.</summary>
    /// <value>0 to 1 h. Default: 8 s. The host's own shutdown timeout must be longer.</value>
    [TimeSpanRange("00:00:00", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a handler may take to answer its cancellation. A handler that runs on is abandoned: its
    /// attempt counts as over, and its slot goes to another task.</summary>
    /// <value>0 to 5 min. Default: 1 s.</value>
    [TimeSpanRange("00:00:00", "00:05:00")]
    public TimeSpan CancellationGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Task types, or beginnings of some, of which a failed task is worth nothing: it is logged, counted
    /// as failed and deleted, neither tried again nor archived. For polls, whose next one comes soon anyway.</summary>
    /// <value>Default: none.</value>
    public IList<string> DropFailed { get; } = [];

    /// <summary>How long a failed task waits for its next attempt. What is registered for its type wins over
    /// it.</summary>
    /// <value>Default: <see cref="Mirai.Queue.RetryDelay.Default"/>.</value>
    public RetryDelayFunc RetryDelay { get; set; } = Mirai.Queue.RetryDelay.Default;

    /// <summary>Whether an exception counts as a failure. One that does not uses no retry and appears in no
    /// statistics; the task runs again after the usual delay.</summary>
    /// <value>Default: every exception does.</value>
    public Func<Exception, bool> IsFailure { get; set; } = static _ => true;

    /// <summary>What becomes of a task whose type no handler of this server knows.</summary>
    /// <value>Default: it goes back uncharged.</value>
    [EnumDataType(typeof(UnknownTypeAction))]
    public UnknownTypeAction UnknownTypes { get; set; }

    /// <summary>The longest pause of a task that goes back because no handler knows its type.</summary>
    /// <value>2 s to 1 day. Default: 5 min.</value>
    [TimeSpanRange("00:00:02", "1.00:00:00")]
    public TimeSpan UnknownTypeMaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Called with every failed attempt before it is written back.</summary>
    /// <value>Default: none.</value>
    public Func<TaskContext, Exception, Task>? ErrorHandler { get; set; }

    /// <summary>What asynq's tools and Go's own workers rely on; tests shorten it.</summary>
    internal LeaseTimes Lease { get; set; } = LeaseTimes.Asynq;
}

[OptionsValidator]
internal sealed partial class QueueServerOptionsValidator : IValidateOptions<QueueServerOptions>;
