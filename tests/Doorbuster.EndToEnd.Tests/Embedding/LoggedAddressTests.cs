using System.Collections.Concurrent;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Embedding;

/// <summary>A program that logs every address logs no purchase token, and need do nothing for that.</summary>
public sealed class LoggedAddressTests
{
    private const string Secret = "a-token-that-is-nobodys-business";

    [Theory]
    [InlineData("purchaseToken")]
    [InlineData("PURCHASETOKEN")]
    public async Task A_purchase_token_in_a_watchers_address_is_logged_as_redacted(string name)
    {
        var log = new Collected();
        await using var host = await HostProgram.StartAsync(
            HostProgram.BelievingHeaders,
            configure: services => services.AddLogging(logging => logging
                .AddProvider(log).SetMinimumLevel(LogLevel.Trace)));
        var sale = (await host.Api.PostAsync(
            $"{HostProgram.Prefix}/v1/sales", null, new Terms(1).ToJson().ToJsonString(), ("X-User", "owner"))).Is(201);

        var answer = await host.Api.GetAsync(
            $"{HostProgram.Prefix}/v1/sales/{sale.Text("id")}/live?x=1&{name}={Secret}", null,
            ("Accept", "text/event-stream"));
        Assert.Equal(200, (await host.Api.GetAsync($"/own?{name}=the-hosts-own")).Status);

        answer.IsProblem(403, "purchase-token-invalid");
        Assert.DoesNotContain(Secret, string.Join('\n', log.Lines), StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("Request starting", StringComparison.Ordinal)
            && line.Contains("/live?purchaseToken=redacted", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("the-hosts-own", StringComparison.Ordinal));
    }

    private sealed class Collected : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            _lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
