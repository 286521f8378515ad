using System.Text.Json.Nodes;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>How a run of the driver ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Lines">The objects that it printed.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record DriverResult(int ExitCode, IReadOnlyList<JsonObject> Lines, string Errors)
{
    /// <summary>The only line that it printed.</summary>
    public JsonObject Line => Lines.Single();
}
