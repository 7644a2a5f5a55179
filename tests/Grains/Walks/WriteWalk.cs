using FaultTolerance.Grains.Tests.Nodes;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>Something that writes, whose n-th write goes wrong, for each n: what leads up to it, the thing itself, what comes after, and what then holds.</summary>
internal abstract class WriteWalk
{
    /// <summary>Gets the engine's operations that it writes by. A walk fails if it has not struck each of them.</summary>
    public abstract IReadOnlyList<string> Writes { get; }

    /// <summary>Gets the classes of the silo that do these writes; none for what users write.</summary>
    public abstract IReadOnlyList<Type> Writers { get; }

    /// <summary>Gets or sets a value indicating whether the process died at the fault, and others go on.</summary>
    public bool IsDead { get; set; }

    /// <summary>Leads up to it. Nothing goes wrong yet.</summary>
    public abstract Task PrepareAsync(StoreLab lab);

    /// <summary>Does it, as a process does that may be ended by a failure and is not asked again.</summary>
    public abstract Task ActAsync(StoreLab lab);

    /// <summary>What follows by itself: the next round of the same thing, by whoever is left. Nothing goes wrong any more.</summary>
    public abstract Task FollowAsync(StoreLab lab);

    /// <summary>Checks what holds, wherever the fault struck.</summary>
    public abstract Task CheckAsync(StoreLab lab);

    /// <summary>Does one step of many; one that fails keeps no other from being done, as the loops of a silo have it.</summary>
    protected static async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (FaultToleranceException)
        {
            // It is what was injected: the loop comes round again.
        }
    }
}
