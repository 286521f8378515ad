using System.Runtime.ExceptionServices;

namespace Mirai.Queue.Looping;

/// <summary>The faults of one pass that has several steps, one for each queue for instance. A step that fails does not
/// keep the pass from the other steps; the next pass repeats the step. The steps may run side by side.</summary>
internal sealed class PassFaults(FaultLog log)
{
    private readonly Lock gate = new();
    private readonly List<(string Key, string Duty, Exception Exception)> unanswered = [];
    private bool isAnswered;

    /// <summary>A step succeeded.</summary>
    /// <param name="key">Tells this step from the others.</param>
    public void Succeeded(string key)
    {
        lock (gate)
        {
            isAnswered = true;
        }

        log.Succeeded(key);
    }

    /// <summary>A step failed.</summary>
    /// <param name="key">Tells this step from the others.</param>
    /// <param name="duty">The step's name in the log.</param>
    /// <param name="exception">The reason.</param>
    public void Failed(string key, string duty, Exception exception)
    {
        lock (gate)
        {
            if (RedisFaults.IsAway(exception))
            {
                unanswered.Add((key, duty, exception));
                return;
            }

            isAnswered = true;
        }

        log.Failed(key, duty, exception);
    }

    /// <summary>Ends the pass. When Redis answered no step, Redis is away, and the pass fails as a whole with the first
    /// fault. When Redis answered a step, a part of Redis is away, and the log names each step that it concerns.</summary>
    public void End()
    {
        if (unanswered.Count > 0 && !isAnswered)
        {
            ExceptionDispatchInfo.Throw(unanswered[0].Exception);
        }

        foreach (var (key, duty, exception) in unanswered)
        {
            log.Failed(key, duty, exception);
        }
    }
}
