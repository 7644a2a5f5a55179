namespace FaultTolerance.Storage.Events;

/// <summary>The durable record of exceptions to the ordinary course: incidents, recoveries, warnings.</summary>
public interface IEventRows
{
    /// <summary>Records an event, or does nothing where one with this key exists.</summary>
    /// <returns>True for the one writer whose token the row carries.</returns>
    Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken);

    /// <summary>Replaces an event's body if its token is still <paramref name="ifToken"/>.</summary>
    Task<bool> UpdateEventAsync(EventRow row, long ifToken, CancellationToken cancellationToken);

    /// <summary>Returns an event; null when there is none with this key.</summary>
    Task<EventRow?> ReadEventAsync(string key, CancellationToken cancellationToken);

    /// <summary>Returns the newest events of a kind, newest first.</summary>
    Task<IReadOnlyList<EventRow>> ListEventsAsync(string? kind, int limit, CancellationToken cancellationToken);

    /// <summary>Returns events of a kind in the order of their times, oldest first; those of one time in an order of their keys that each engine keeps.</summary>
    /// <remarks>The order of times is not that of commits: an event may appear with a time that is a moment older than that of one which was there before.</remarks>
    /// <param name="kind">The kind.</param>
    /// <param name="at">The time after which the events were recorded.</param>
    /// <param name="key">The key after which those come that were recorded at that very time; null for all of them.</param>
    /// <param name="limit">How many rows at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<EventRow>> ListEventsAfterAsync(string kind, DateTimeOffset at, string? key, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes events that were recorded before a time.</summary>
    Task<int> PurgeEventsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
