using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mirai.Testing;

/// <summary>Keeps the log lines of at least level information: level, message, exception.</summary>
/// <param name="onLine">Called after each line.</param>
public sealed class TestLog(Action? onLine = null) : ConcurrentQueue<string>, ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
            onLine?.Invoke();
        }
    }

    public void Dispose()
    {
        // There is nothing to release.
    }
}
