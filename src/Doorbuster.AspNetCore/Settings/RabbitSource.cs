namespace Doorbuster.AspNetCore.Settings;

/// <summary>The connection string <c>ConnectionStrings:RabbitMq</c>. No message shows what may be a password.</summary>
internal static class RabbitSource
{
    private const string Name = "ConnectionStrings:RabbitMq";
    private const string Usual = "amqp://user:password@rabbit.example.com:5672/vhost";

    /// <summary>Where RabbitMQ is; null where that is not said.</summary>
    /// <param name="text">The connection string; null or blank where none is set.</param>
    /// <param name="violations">Where what is wrong with it is noted.</param>
    public static Uri? Read(string? text, ICollection<string> violations)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            violations.Add(
                $"{Name} is not set; with Doorbuster:Queue=rabbitmq it must say where RabbitMQ is, like {Usual}. Set "
                + "it, or set Doorbuster:Queue to redis-stream.");
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("amqp" or "amqps"))
        {
            return address;
        }

        violations.Add($"{Name} is no address of RabbitMQ; it must be like {Usual}. Mend it.");
        return null;
    }
}
