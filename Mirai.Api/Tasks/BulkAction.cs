namespace Mirai.Api.Tasks;

/// <summary>What is done to many tasks.</summary>
internal enum BulkAction
{
    Run,
    Archive,
    Delete,
    Cancel,
    Reschedule,
}
