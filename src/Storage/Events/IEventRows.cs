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

    /// <summary>Deletes events that were recorded before a time.</summary>
    Task<int> PurgeEventsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
