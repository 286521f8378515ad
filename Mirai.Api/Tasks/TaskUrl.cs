namespace Mirai.Api.Tasks;

/// <summary>The address of a task.</summary>
internal static class TaskUrl
{
    public static string Of(string queue, string id) =>
        $"/api/tasks/{Uri.EscapeDataString(queue)}/{Uri.EscapeDataString(id)}";
}
