namespace Doorbuster.Notification;

/// <summary>Where watchers have their places, and are told what happens.</summary>
internal interface IWatched
{
    /// <summary>A watcher gives up its place, if it still has one.</summary>
    void Remove(Watcher watcher);

    /// <summary>A watcher was shown these orders in its snapshot: they are no news to it.</summary>
    void Know(Watcher watcher, IReadOnlyList<Order> orders);

    /// <summary>A watcher did not keep up; once for each.</summary>
    void NoteDropped();
}
