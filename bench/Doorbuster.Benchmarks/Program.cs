using Doorbuster.Benchmarks;

return args switch
{
    ["server", var url, var data] => await ServeAsync(url, data),
    _ => await Bench.RunAsync(args),
};

static async Task<int> ServeAsync(string url, string data)
{
    await Server.RunAsync(url, data);
    return 0;
}
