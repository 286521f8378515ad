using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mirai.Cache.Tests;

/// <summary>Keeps the log lines at information or above.</summary>
internal sealed class TestLog(Pulse pulse) : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

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
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
            pulse.Beat();
        }
    }

    public void Dispose()
    {
        // Nothing is open.
    }
}
