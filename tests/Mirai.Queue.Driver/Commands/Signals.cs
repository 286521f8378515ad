using System.Runtime.InteropServices;

namespace Mirai.Queue.Driver.Commands;

/// <summary>Signals of the system that a command answers itself.</summary>
internal static class Signals
{
    // What these signals do by themselves would end or suspend the process with its tasks half done.
    public static PosixSignalRegistration On(PosixSignal signal, Action act) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            act();
        });

    /// <summary>Waits to be told to stop, but not longer than <paramref name="longest"/>.</summary>
    public static async Task WaitAsync(Task stop, TimeSpan longest, TimeProvider time)
    {
        try
        {
            await stop.WaitAsync(longest, time);
        }
        catch (TimeoutException)
        {
            // Long enough.
        }
    }
}
