namespace Doorbuster.AspNetCore.Live;

/// <summary>Carries messages to one watcher. It ends the watcher itself once the client is gone.</summary>
internal interface ILiveTransport
{
    /// <summary>Sends a message; it returns once the message is on its way.</summary>
    ValueTask SendAsync(LiveText text);

    /// <summary>Ends the connection on our side, which is draining.</summary>
    /// <param name="comeback">When to connect again.</param>
    Task DrainAsync(TimeSpan comeback);

    /// <summary>The client is gone, or broke the rules: answers that, if there is an answer.</summary>
    Task PartAsync();
}
