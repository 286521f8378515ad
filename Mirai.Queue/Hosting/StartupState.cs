using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mirai.Queue.Hosting;

/// <summary>What the check at start has found: checks are made anew for every question.</summary>
internal sealed class StartupState
{
    private readonly Lock gate = new();
    private HealthCheckResult? result;

    /// <summary><see langword="null"/> until the check has passed.</summary>
    public HealthCheckResult? Result
    {
        get
        {
            lock (gate)
            {
                return result;
            }
        }

        set
        {
            lock (gate)
            {
                result = value;
            }
        }
    }
}
