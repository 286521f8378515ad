using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Mirai.Testing;

/// <summary>Writes what a worker logs into the output of the test.</summary>
public sealed class TestLoggerProvider : ILoggerProvider
{
    private readonly TextWriter output = TestContext.Out;

    public ILogger CreateLogger(string categoryName) => new Logger(output, categoryName);

    public void Dispose()
    {
        // The writer belongs to NUnit.
    }

    private sealed class Logger(TextWriter output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                output.WriteLine($"{logLevel} {category}: {formatter(state, exception)} {exception?.GetType().Name}");
            }
        }
    }
}
