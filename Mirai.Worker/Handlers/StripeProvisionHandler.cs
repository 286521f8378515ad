using Mirai.Platform;
using Mirai.Platform.Payments;
using Mirai.Queue;

namespace Mirai.Worker.Handlers;

/// <summary>Sets up the account of a paid checkout session. Running the task again changes nothing.</summary>
internal sealed class StripeProvisionHandler(StripePayments payments) : ITaskHandler<StripeProvision>
{
    public async Task HandleAsync(StripeProvision task, TaskContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(task.SessionId))
        {
            throw new SkipRetryException("The payload names no session: sessionId is empty.");
        }

        try
        {
            await payments.ProvisionAsync(task.SessionId, cancellationToken);
        }
        catch (PaymentRefusedException refused)
        {
            throw new SkipRetryException(refused.Message, refused);
        }
        catch (Exception exception) when (
            context.Retried >= context.MaxRetry && !cancellationToken.IsCancellationRequested)
        {
            // The last attempt: the next reconciliation commits a new task for this session.
            await payments.GiveUpAsync(task.SessionId, exception.Message, cancellationToken);
            throw;
        }
    }
}
