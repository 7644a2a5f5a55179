using System.Diagnostics.CodeAnalysis;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>The work that waits for one or several threads of a store; urgent work goes past all other.</summary>
internal sealed class JobQueue<T>(string name) : IDisposable
    where T : class
{
    /// <summary>The most jobs that may wait. The store above admits far fewer; whoever comes to this limit is told that it is busy.</summary>
    public const int MaxWaiting = 100_000;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly Queue<T> _urgent = new();
    private readonly Queue<T> _ordinary = new();
    private bool _isClosed;

    /// <summary>Adds a job.</summary>
    /// <exception cref="StoreException">The queue is full, or the store is closed.</exception>
    public void Add(T job, bool isUrgent)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw Closed(name);
            }

            if (_urgent.Count + _ordinary.Count >= MaxWaiting)
            {
                throw new StoreException(StoreFault.Unreachable, $"The store '{name}' is busy: {MaxWaiting} calls wait for it. Try again later.");
            }

            (isUrgent ? _urgent : _ordinary).Enqueue(job);
        }

        _waiting.Release();
    }

    /// <summary>Waits for the next job.</summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take([NotNullWhen(true)] out T? job)
    {
        _waiting.Wait();
        return Dequeue(out job);
    }

    /// <summary>Takes the next job if one waits.</summary>
    public bool TryTake([NotNullWhen(true)] out T? job)
    {
        job = null;
        if (!_waiting.Wait(0))
        {
            return false;
        }

        if (Dequeue(out job))
        {
            return true;
        }

        _waiting.Release(); // it was the word of the end, which is for whoever waits in Take
        return false;
    }

    /// <summary>Admits no more jobs. Those that wait are still given out, then each of the threads is told of the end.</summary>
    /// <param name="threads">How many threads take jobs.</param>
    public void Close(int threads)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        _waiting.Release(threads);
    }

    /// <summary>Returns what a caller is told that comes after the end.</summary>
    public static StoreException Closed(string name) => new(StoreFault.Unreachable, $"The store '{name}' is closed.");

    public void Dispose() => _waiting.Dispose();

    private bool Dequeue([NotNullWhen(true)] out T? job)
    {
        lock (_gate)
        {
            return _urgent.TryDequeue(out job) || _ordinary.TryDequeue(out job);
        }
    }
}
