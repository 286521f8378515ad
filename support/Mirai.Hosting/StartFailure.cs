using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;
using Mirai.Queue.Legacy;

namespace Mirai.Hosting;

/// <summary>Distinguishes failures that a person can mend (a wrong setting, a busy port, a database that cannot be
/// opened) from bugs, which keep their stack traces.</summary>
public static class StartFailure
{
    /// <summary>The reason, in one line; <see langword="null"/> for a bug.</summary>
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

        // An address that is busy, that belongs to another machine, or that is malformed.
        IOException or SocketException or FormatException => exception.Message,
        InvalidOperationException or ArgumentException when IsOfServer(exception) =>
            exception.Message.ReplaceLineEndings(" "),
        _ => null,
    };

    private static bool IsOfServer(Exception exception) =>
        exception.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true;
}
