using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Commands;

/// <summary>A command of the contract that drives a part which Mirai.Queue does not have yet.</summary>
/// <param name="part">The part.</param>
internal sealed class MissingCommand(string part) : ICommand
{
    public Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time) =>
        throw new FlagException($"not supported: Mirai.Queue does not have {part} yet");
}
