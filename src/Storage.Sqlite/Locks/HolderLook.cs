using System.Diagnostics.CodeAnalysis;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>One look at the holder of a lock, and what follows from it. Pure.</summary>
/// <param name="Holder">Who holds the lock, by its own record; null for a blank one.</param>
/// <param name="Facts">What the system says of that process; null when it is gone.</param>
internal sealed record HolderLook(LockHolder? Holder, ProcessFacts? Facts)
{
    /// <summary>Looks at a holder.</summary>
    public static HolderLook At(LockHolder? holder) => new(holder, holder is null ? null : ProcessFacts.Read(holder.Process, holder.Thread));

    /// <summary>Gets a value indicating whether the holder is a process that is there.</summary>
    [MemberNotNullWhen(true, nameof(Holder), nameof(Facts))]
    public bool IsKnown => Holder is not null && Facts is not null && Holder.Start == Facts.Start;

    /// <summary>Decides what is to be done about the holder.</summary>
    /// <param name="own">The waiter itself.</param>
    /// <param name="before">The look before this one, while waiting for the same lock; null for the first.</param>
    /// <remarks>
    /// Waiting for a disk is never hanging: on a disk that stalls every holder would be ended in turn. Nor is computing: a migration of
    /// a large store may take long. What remains is a thread that sleeps inside the lock and does not wake: code of
    /// ours waits there for readers and strangers, several times over if need be, but wakes for a look at them at least each third of a second.
    /// Of a holder that the kernel has named the thread is not known, and its main thread sleeps always: it is ended only if it is stopped.
    /// </remarks>
    public HolderVerdict Judge(LockHolder own, HolderLook? before)
    {
        if (!IsKnown || Holder.Space != own.Space)
        {
            return HolderVerdict.Unknown;
        }

        if (Holder.Process == own.Process)
        {
            return HolderVerdict.Own;
        }

        if (Facts.Tracer != 0 || Holder.IsDebugged)
        {
            return HolderVerdict.Debugged;
        }

        return Facts.State switch
        {
            'T' => HolderVerdict.Stopped,
            'S' when Holder.Hold > 0 && Holder == before?.Holder && Facts == before.Facts => HolderVerdict.Hung,
            _ => HolderVerdict.Working,
        };
    }
}
