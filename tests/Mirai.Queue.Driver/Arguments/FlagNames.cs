namespace Mirai.Queue.Driver.Arguments;

/// <summary>The flags of a command.</summary>
/// <param name="Values">Flags that take a value.</param>
/// <param name="Switches">Flags that are there or not.</param>
internal sealed record FlagNames(IReadOnlyList<string> Values, IReadOnlyList<string> Switches)
{
    public FlagNames With(params IReadOnlyList<string> values) => this with { Values = [.. Values, .. values] };
}
