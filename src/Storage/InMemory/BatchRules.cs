using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.InMemory;

/// <summary>What a batch must be like: the caller's duties, and the limits of a row.</summary>
/// <remarks>A breach of duty is a bug of the store above and is thrown as such; a row over a limit is bad data.</remarks>
internal static class BatchRules
{
    public static void Check(IReadOnlyList<TaskWrite> writes)
    {
        CheckCount(writes.Count);
        HashSet<string>? keys = null;
        for (var i = 0; i < writes.Count; i++)
        {
            if (i > 0 && writes[i - 1].Id.CompareTo(writes[i].Id) >= 0)
            {
                throw new InvalidOperationException($"A batch writes task {writes[i].Id} twice, or not in the order of ids.");
            }

            if (writes[i] is not TaskInsert insert)
            {
                continue;
            }

            CheckLength("The handler", insert.Row.Handler, StoreLimits.Handler);
            if (insert.IdempotencyKey is { } key)
            {
                CheckLength("The idempotency key", key, StoreLimits.IdempotencyKey);
                if (!(keys ??= new(StringComparer.Ordinal)).Add(key))
                {
                    throw new InvalidOperationException($"A batch holds the idempotency key {key} twice.");
                }
            }
        }
    }

    public static void Check(IReadOnlyList<GrainStateWrite> writes)
    {
        CheckCount(writes.Count);
        for (var i = 0; i < writes.Count; i++)
        {
            CheckLength("The key of a grain's state", writes[i].Key, StoreLimits.StateKey);
            if (i > 0 && string.CompareOrdinal(writes[i - 1].Key, writes[i].Key) >= 0)
            {
                throw new InvalidOperationException($"A batch writes the state {writes[i].Key} twice, or not in ordinal order.");
            }
        }
    }

    public static void CheckLength(string what, string text, int limit)
    {
        if (text.Length > limit)
        {
            throw new StoreException(StoreFault.Data, $"{what} has {text.Length} characters; at most {limit} can be stored.");
        }
    }

    private static void CheckCount(int count)
    {
        if (count > StoreLimits.Batch)
        {
            throw new InvalidOperationException($"A batch has {count} writes; at most {StoreLimits.Batch} are allowed.");
        }
    }
}
