using Doorbuster.Admission;
using Doorbuster.Baselines;
using Npgsql;
using StackExchange.Redis;

if (Settings.Read(args, Environment.GetEnvironmentVariable) is not { } settings)
{
    await Console.Error.WriteLineAsync(Settings.Usage);
    return 2;
}

// As many connections as the database can use at once, and statements prepared once: what a tuned shop would have.
var source = new NpgsqlDataSourceBuilder(settings.Postgres);
source.ConnectionStringBuilder.MaxPoolSize = 32;
source.ConnectionStringBuilder.MaxAutoPrepare = 20;
source.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
await using var database = source.Build();
var shelf = new Shelf(database);
await shelf.PrepareAsync();
await using var messages = settings.HasQueue
    ? await Messages.OpenAsync(settings.RabbitMq!, settings.Queue, database)
    : null;

var redis = settings.HasQueue ? await ConnectionMultiplexer.ConnectAsync(settings.Redis) : null;
if (redis is not null)
{
    // By itself the client hands replies out one after another, and a slow reader holds up the others.
    redis.PreserveAsyncOrder = false;
}

IWay way = settings.Way switch
{
    "conditional" => new ConditionalUpdate(database),
    "version" => new VersionColumn(database),
    _ => new RedisCount(redis!.GetDatabase(), messages!, shelf, counts: settings.Way == "increment"),
};

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls(settings.Url);
var app = builder.Build();
new Counter(way, shelf, new PurchaseTokens([settings.Key], TimeProvider.System)).Map(app);
await app.RunAsync();
return 0;
