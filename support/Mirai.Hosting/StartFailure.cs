using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;
using Mirai.Queue;
using Mirai.Queue.Legacy;

namespace Mirai.Hosting;

/// <summary>Tells what a person can mend (a wrong setting, a busy port, a database that cannot be opened) from a bug,
/// which keeps its stack trace.</summary>
public static class StartFailure
{
    /// <summary>What is wrong, in one line; <see langword="null"/> when it is none of a person's doing.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        OptionsValidationException wrong => string.Join("; ", wrong.Failures),
        AggregateException { InnerExceptions: var all }
            when all.Select(Describe).Distinct().ToList() is var lines && !lines.Contains(null) =>
            string.Join("; ", lines),
        DatabaseUnavailableException or LayoutConflictException or LayoutNotSupportedException => exception.Message,

        // appsettings.json cannot be read; the cause says where.
        InvalidDataException => $"{exception.Message} {exception.InnerException?.Message}".TrimEnd(),

        // A value that is no number or no duration: the binder names the setting.
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } =>
            exception.Message,

        // An address that is busy, not ours, or no address.
        IOException or SocketException or FormatException => exception.Message,
        InvalidOperationException or ArgumentException when IsOfServer(exception) =>
            exception.Message.ReplaceLineEndings(" "),
        _ => null,
    };

    private static bool IsOfServer(Exception exception) =>
        exception.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true;
}
