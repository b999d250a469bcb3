using Doorbuster.Servers;
using Xunit;

namespace Doorbuster.Adapters.Tests.RabbitMq;

/// <summary>A RabbitMQ that a class of tests shares.</summary>
public sealed class RabbitProcess : LoopbackRabbit, IAsyncLifetime;
