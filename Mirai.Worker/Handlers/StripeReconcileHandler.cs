using Mirai.Platform;
using Mirai.Platform.Payments;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Enqueues the provisioning of sessions that are paid and have no account. Running the task again enqueues
/// nothing.</summary>
internal sealed partial class StripeReconcileHandler(StripePayments payments, ILogger<StripeReconcileHandler> logger)
    : ITaskHandler<StripeReconcile>
{
    public async Task HandleAsync(StripeReconcile task, TaskContext context, CancellationToken cancellationToken)
    {
        var queued = await payments.ReconcileAsync(cancellationToken);
        if (queued > 0)
        {
            LogQueued(logger, queued);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Reconciled with Stripe: {Queued} paid checkout sessions had no account, and their accounts are set "
            + "up now")]
    private static partial void LogQueued(ILogger logger, int queued);
}
