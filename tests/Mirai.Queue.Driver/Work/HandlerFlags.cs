using Mirai.Queue.Driver.Arguments;

namespace Mirai.Queue.Driver.Work;

/// <summary>What the handler does, by its flags.</summary>
/// <param name="Sleep">How long it works.</param>
/// <param name="Block">How long it blocks its thread before that.</param>
/// <param name="IgnoresCancellation">Works on when cancelled.</param>
/// <param name="FailuresBefore">Fails while fewer retries were used; <see langword="null"/> for always.</param>
/// <param name="Failure">How it fails.</param>
/// <param name="ErrorText">What it says then.</param>
/// <param name="Result">What it writes as the result of its success.</param>
internal sealed record HandlerFlags(
    TimeSpan Sleep,
    TimeSpan Block,
    bool IgnoresCancellation,
    int? FailuresBefore,
    FailureKind Failure,
    string ErrorText,
    string? Result)
{
    // What the driver for Go says, and stores, when no flag says otherwise.
    private const string DefaultErrorText = "simulated failure";

    public static readonly FlagNames Names = new(
        ["sleep", "block", "fail", "error", "result"], ["ignore-ctx", "skip-retry", "revoke", "not-failure", "panic"]);

    public static HandlerFlags Read(Flags flags)
    {
        flags.Exclude("skip-retry", "revoke", "not-failure", "panic");
        return new HandlerFlags(
            flags.Duration("sleep") ?? TimeSpan.Zero,
            flags.Duration("block") ?? TimeSpan.Zero,
            flags.Switch("ignore-ctx"),
            flags.Number("fail"),
            ReadFailure(flags),
            flags.Text("error") ?? DefaultErrorText,
            flags.Text("result"));
    }

    /// <summary>Whether this attempt is to fail.</summary>
    public bool Fails(int retried) =>
        Failure != FailureKind.None && (FailuresBefore is not { } most || retried < most);

    private static FailureKind ReadFailure(Flags flags) => flags switch
    {
        _ when flags.Switch("skip-retry") => FailureKind.SkipRetry,
        _ when flags.Switch("revoke") => FailureKind.Revoke,
        _ when flags.Switch("not-failure") => FailureKind.NotFailure,
        _ when flags.Switch("panic") => FailureKind.Panic,
        _ => flags.IsSet("fail") || flags.IsSet("error") ? FailureKind.Error : FailureKind.None,
    };
}
