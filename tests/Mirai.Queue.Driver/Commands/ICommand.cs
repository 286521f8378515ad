using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Commands;

/// <summary>One command of the driver.</summary>
internal interface ICommand
{
    /// <summary>Runs it.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The exit code.</returns>
    Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time);
}
