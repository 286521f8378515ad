using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Queue;

/// <summary>Settings of one worker server.</summary>
public sealed class QueueServerOptions
{
    /// <summary>How many tasks run at the same time.</summary>
    /// <value>1 to 100,000. Default: the number of processors.</value>
    [Range(1, 100_000)]
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>The queues to serve and their weights: with 6, 3 and 1, a queue gets 60, 30 and 10 % of the tasks
    /// taken while each has tasks waiting. Queues with a weight below 1 or a blank name are not served. A name that
    /// ends in a star stands for all queues with this prefix, each with that weight, as soon as the queue exists; the
    /// entry of the queue itself wins, then the longest pattern. Read again when the configuration
    /// changes.</summary>
    /// <value>Default: empty, which serves <see cref="EnqueueOptions.DefaultQueue"/> alone.</value>
    public IDictionary<string, int> Queues { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many tasks of a queue run at the same time in this server; the others stay in the queue. The names
    /// are those of <see cref="Queues"/>, or of queues that a pattern there stands for; with a pattern here, each of
    /// its queues gets that limit. Read again when the configuration changes.</summary>
    /// <value>1 or more each. Default: none.</value>
    public IDictionary<string, int> QueueLimits { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many tasks of a type, or of all types with this prefix, run at the same time in this server,
    /// whatever their queues; of several entries that fit, the longest counts. A task above the limit is deferred: it
    /// waits in <c>retry</c> without using a retry, and runs as soon as there is room. Read again when the
    /// configuration changes.</summary>
    /// <value>1 or more each; there must be a handler. Default: none.</value>
    public IDictionary<string, int> TypeLimits { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Takes from a queue only while all queues of greater weight are empty or at their limit. Read again
    /// when the configuration changes.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool StrictPriority { get; set; }

    /// <summary>How often a server looks for tasks of which nothing told it; varied by half, so that servers do not
    /// poll together. The server looks for new queues of a pattern as often. Tasks of Mirai clients are taken at once,
    /// and so are tasks whose producer sends no signal (Go, for instance) where Redis reports changes: Redis 6 or later
    /// that is no cluster, and a user that may run CLIENT TRACKING and CLIENT LIST. In a cluster, each look is at 16
    /// queues of those that seem empty.</summary>
    /// <value>10 ms to 1 min. Default: 1 s.</value>
    [TimeSpanRange("00:00:00.01", "00:01:00")]
    public TimeSpan TaskCheckInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two looks for due times of which nothing told the server: those of producers
    /// and workers that send no signal (Go, for instance). A task that is known to be due earlier is forwarded when it is
    /// due. When more than 100 queues of a server hold scheduled or retry tasks, each look is at 100 of them, in
    /// turn.</summary>
    /// <value>100 ms to 1 h. Default: 5 s.</value>
    [TimeSpanRange("00:00:00.1", "01:00:00")]
    public TimeSpan ForwardInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many workers may die while they run a task. Then the task is archived, because it seems to kill
    /// them. The tasks of a worker that died otherwise run again on other workers within 15 s (18 s where these serve
    /// more than 16 queues), without counting an attempt; after a second death, one a second.</summary>
    /// <value>1 to 1,000. Default: 3.</value>
    [Range(1, 1_000)]
    public int CrashLimit { get; set; } = 3;

    /// <summary>How often the server looks for leases that ran out and for running tasks without a lease. It is the
    /// second line behind the watch for dead workers: a task whose worker cannot be judged runs again 30 s after its
    /// lease ran out, as a failed attempt; a lease lasts 30 s from its last renewal.</summary>
    /// <value>1 s to 1 h. Default: 15 s.</value>
    [TimeSpanRange("00:00:01", "01:00:00")]
    public TimeSpan RecoverInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often completed tasks past their retention are deleted and archives are trimmed. When more than 50
    /// queues of a server hold completed or archived tasks, 50 of them are cleaned each time, in turn.</summary>
    /// <value>1 s to 1 h. Default: 8 s.</value>
    [TimeSpanRange("00:00:01", "01:00:00")]
    public TimeSpan JanitorInterval { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How many tasks the janitor deletes with one script call; it repeats the call until nothing is left to
    /// delete.</summary>
    /// <value>1 to 1,000. Default: 100.</value>
    [Range(1, 1_000)]
    public int JanitorBatchSize { get; set; } = 100;

    /// <summary>How long a group waits for another task; each new task starts the wait again. Then the tasks of the
    /// group are aggregated, if the application has an <see cref="ITaskAggregator"/>.</summary>
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

    /// <summary>How long handlers may go on after the server was told to stop. Tasks that still run then are cancelled
    /// and requeued: they go back to the front of their queue, and no attempt is counted.</summary>
    /// <value>0 to 1 h. Default: 8 s. The host's own shutdown timeout must be longer.</value>
    [TimeSpanRange("00:00:00", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a handler may take to answer its cancellation. A handler that runs on is abandoned: its
    /// attempt ends, and its slot goes to another task. The disposal of its services and <see cref="ErrorHandler"/>
    /// have the same time, and 5 s at least while the server does not stop; then the attempt ends without
    /// them.</summary>
    /// <value>0 to 5 min. Default: 1 s.</value>
    [TimeSpanRange("00:00:00", "00:05:00")]
    public TimeSpan CancellationGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Task types, or beginnings of task types, whose failed tasks are dropped: such a task is logged,
    /// counted as failed and deleted, neither tried again nor archived. Meant for polls, where the next task comes
    /// soon anyway.</summary>
    /// <value>Default: none.</value>
    public IList<string> DropFailed { get; } = [];

    /// <summary>Computes how long a failed task waits for its next attempt; whole seconds count, and a negative delay
    /// means at once. A delay that is registered for the type of the task (<c>UseRetryDelay</c>) takes
    /// precedence.</summary>
    /// <value>Default: <see cref="Mirai.Queue.RetryDelay.Default"/>, which also applies when the function
    /// throws.</value>
    public Func<RetryDelayArguments, TimeSpan> RetryDelay { get; set; } = Mirai.Queue.RetryDelay.Default;

    /// <summary>Whether an exception counts as a failure. An exception that does not uses no retry and appears in no
    /// statistics; the task runs again after the usual delay.</summary>
    /// <value>Default: every exception counts.</value>
    public Func<Exception, bool> IsFailure { get; set; } = static _ => true;

    /// <summary>What becomes of a task whose type no handler of this server knows.</summary>
    /// <value>Default: the task is deferred without using a retry.</value>
    [EnumDataType(typeof(UnknownTypeAction))]
    public UnknownTypeAction UnknownTypes { get; set; }

    /// <summary>The longest pause of a task that is deferred because no handler knows its type.</summary>
    /// <value>2 s to 1 day. Default: 5 min.</value>
    [TimeSpanRange("00:00:02", "1.00:00:00")]
    public TimeSpan UnknownTypeMaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Called for every failed attempt before the outcome is written. The token fires when the worker stops
    /// and its shutdown timeout is over; the token of the context may have fired before, for instance at the deadline.
    /// An exception of the error handler is logged and changes nothing else.</summary>
    /// <value>Default: none.</value>
    public Func<TaskContext, Exception, CancellationToken, Task>? ErrorHandler { get; set; }

    // Asynq's tools and Go's workers rely on these four; only tests change them. Server/Finishing/Lease.cs explains
    // them.
    internal TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    internal TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal TimeSpan ServerLifetime { get; set; } = TimeSpan.FromSeconds(10);

    internal TimeSpan RecoveryTolerance { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>What becomes of a task whose type no handler of the worker knows.</summary>
public enum UnknownTypeAction
{
    /// <summary>The task is deferred without using a retry, for another worker or a later version of this one: for
    /// 2 s, then each time for twice as long, up to <see cref="QueueServerOptions.UnknownTypeMaxDelay"/>.</summary>
    Defer,

    /// <summary>The task fails like any other, as in Asynq: retried after the retry delay, archived when its retries
    /// are used up.</summary>
    Fail,
}

[OptionsValidator]
internal sealed partial class QueueServerOptionsValidator : IValidateOptions<QueueServerOptions>;
