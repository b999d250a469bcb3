using Doorbuster.Claims;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>
/// Redis comes back older, or empty (I1): however consistent it looks, the gate is closed until it is opened anew.
/// </summary>
public sealed class F03_OlderRedisTests : IAsyncLifetime
{
    private readonly RedisProcess _redis = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task F03_an_older_append_only_file_is_seen_whatever_it_holds()
    {
        var (scene, folder) = await OpenAsync("--appendonly", "yes", "--appendfsync", "always", "--save", "");
        await scene.ClaimAsync("anna");
        Copy(folder, $"{folder}-older");
        Assert.Equal("admitted", await scene.ClaimAsync("bert"));

        await RestartFromAsync($"{folder}-older");

        await IsClosedAndReopensAsync(scene, left: 98);
    }

    [Fact]
    public async Task F03_an_older_snapshot_is_seen_whatever_it_holds()
    {
        var (scene, folder) = await OpenAsync("--appendonly", "no", "--save", "3600 1");
        await scene.ClaimAsync("anna");
        await _redis.Database.ExecuteAsync("SAVE");
        Copy(folder, $"{folder}-older");
        Assert.Equal("admitted", await scene.ClaimAsync("bert"));

        await RestartFromAsync($"{folder}-older");

        await IsClosedAndReopensAsync(scene, left: 98);
    }

    [Fact]
    public async Task F03_a_restart_without_any_loss_is_seen_too()
    {
        var (scene, _) = await OpenAsync("--appendonly", "yes", "--appendfsync", "always", "--save", "");
        await scene.ClaimAsync("anna");
        await scene.ClaimAsync("bert");

        await _redis.KillAsync();
        await _redis.StartAsync();
        await _redis.ReconnectedAsync();

        await IsClosedAndReopensAsync(scene, left: 98);
    }

    [Fact]
    public async Task F04_an_empty_server_is_closed_and_neither_empty_nor_full()
    {
        var (scene, _) = await OpenAsync("--save", "", "--appendonly", "no");
        await scene.ClaimAsync("anna");

        await _redis.KillAsync();
        await _redis.StartAsync();
        await _redis.ReconnectedAsync();

        Assert.Equal("no gate", await scene.ClaimAsync("anna"));
        Assert.Equal(GateStanding.Missing, await scene.StandingAsync());
        await scene.OpenAsync(epoch: 2, (scene.Claim("anna"), 1));
        Assert.Equal("same order", await scene.ClaimAsync("anna"));
    }

    private async Task<(RedisScene Scene, string Folder)> OpenAsync(params string[] settings)
    {
        await _redis.InitializeAsync();
        await _redis.KillAsync();
        await _redis.StartAsync(settings);
        await _redis.ReconnectedAsync();
        var scene = new RedisScene(_redis, _redis.Connection);
        await scene.OpenAsync(epoch: 1);
        return (scene, _redis.Folder);
    }

    private async Task RestartFromAsync(string older)
    {
        await _redis.KillAsync();
        Directory.Delete(_redis.Folder, recursive: true);
        Directory.Move(older, _redis.Folder);
        await _redis.StartAsync();
        await _redis.ReconnectedAsync();
    }

    private static async Task IsClosedAndReopensAsync(RedisScene scene, long left)
    {
        Assert.Equal(GateStanding.Damaged, await scene.StandingAsync());
        Assert.Equal("no gate", await scene.ClaimAsync("anna"));
        Assert.Equal("no gate", await scene.ClaimAsync("carl"));

        var view = await scene.OpenAsync(epoch: 2, (scene.Claim("anna"), 1), (scene.Claim("bert"), 1));
        Assert.Equal((2, left), (view?.Epoch, view?.Available));
        Assert.Equal("same order", await scene.ClaimAsync("bert"));
        Assert.Equal("admitted", await scene.ClaimAsync("carl"));
    }

    /// <summary>Copies what a server has on disk.</summary>
    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(path.Replace(from, to, StringComparison.Ordinal));
        }

        foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(path, path.Replace(from, to, StringComparison.Ordinal));
        }
    }
}
