using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Which of the store's time is over for sure.</summary>
internal static class StorePast
{
    /// <summary>Returns the latest time that is over for the store, too, whatever the error of what is known of its time here.</summary>
    /// <remarks>The store looks at a lease again, but after its clock was set forward it finds any ended: until that is noticed here, this alone keeps a lease whole.</remarks>
    public static DateTimeOffset SurelyPast(this IDurableStore store)
    {
        var error = store.ClockError; // first: a reading in between would make it smaller than that of the time
        return store.Now - error;
    }
}
