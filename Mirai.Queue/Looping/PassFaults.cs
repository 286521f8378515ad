using System.Runtime.ExceptionServices;

namespace Mirai.Queue.Looping;

/// <summary>The faults of one pass that has several steps, one for each queue for instance. A step that fails does not
/// keep the pass from the other steps; the next pass repeats the step. The steps may run side by side.</summary>
/// <param name="log">Receives the faults.</param>
/// <param name="isAnsweredElsewhere">Whether Redis answered another loop during the pass.</param>
internal sealed class PassFaults(FaultLog log, Func<bool>? isAnsweredElsewhere = null)
{
    private readonly Lock gate = new();
    private readonly List<(string Key, string Duty, Exception Exception)> unanswered = [];
    private bool isAnswered;
    private bool hasEnded;

    /// <summary>Whether Redis answered a step.</summary>
    public bool IsAnswered
    {
        get
        {
            lock (gate)
            {
                return isAnswered;
            }
        }
    }

    /// <summary>Whether the pass went on without the steps that still run.</summary>
    public bool HasEnded
    {
        get
        {
            lock (gate)
            {
                return hasEnded;
            }
        }
    }

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
            if (RedisFaults.IsAway(exception) && !hasEnded)
            {
                unanswered.Add((key, duty, exception));
                return;
            }

            isAnswered |= !hasEnded;
        }

        log.Failed(key, duty, exception);
    }

    /// <summary>Ends the pass. When Redis answered nobody, Redis is away, and the pass fails as a whole with the first
    /// fault. When Redis answered a step, a part of Redis is away, and the log names each step that it concerns.</summary>
    public void End()
    {
        lock (gate)
        {
            hasEnded = true; // a step that fails from here on is logged at once
        }

        if (unanswered.Count > 0 && !isAnswered && isAnsweredElsewhere?.Invoke() != true)
        {
            ExceptionDispatchInfo.Throw(unanswered[0].Exception);
        }

        foreach (var (key, duty, exception) in unanswered)
        {
            log.Failed(key, duty, exception);
        }
    }
}
