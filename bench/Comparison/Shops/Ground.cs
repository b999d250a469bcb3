using System.Net.Sockets;
using System.Text;
using Doorbuster.Servers;

namespace Doorbuster.Comparison.Shops;

/// <summary>What one trial is made on; nothing of an earlier one is in it.</summary>
/// <param name="folder">A folder that goes with it.</param>
/// <param name="name">A name that no other trial of this contender has.</param>
/// <param name="database">How Npgsql reaches the database; empty where there is none.</param>
/// <param name="redis">The Redis, if any.</param>
/// <param name="rabbit">The RabbitMQ, if any.</param>
internal sealed class Ground(
    DirectoryInfo folder, string name, string database, LoopbackRedis? redis, LoopbackRabbit? rabbit) : IAsyncDisposable
{
    /// <summary>The folder.</summary>
    public string Folder => folder.FullName;

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The database.</summary>
    public string Database => database;

    /// <summary>How Redis is reached.</summary>
    public string Redis => redis?.ConnectionString ?? "";

    /// <summary>How RabbitMQ is reached.</summary>
    public string RabbitMq => rabbit?.Address.ToString() ?? "";

    /// <summary>Has Redis write a snapshot, and returns once it is on disk.</summary>
    public async Task SnapshotAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", redis!.Port);
        await client.GetStream().WriteAsync("SAVE\r\n"u8.ToArray());
        var answer = new byte[3];
        await client.GetStream().ReadExactlyAsync(answer);
        if (Encoding.ASCII.GetString(answer) != "+OK")
        {
            throw new InvalidOperationException("Redis wrote no snapshot.");
        }
    }

    /// <summary>Kills Redis and starts it again: it has what its last snapshot has.</summary>
    public async Task SetRedisBackAsync()
    {
        await redis!.KillAsync();
        await redis.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        folder.Delete(recursive: true);
    }
}
