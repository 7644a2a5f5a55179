namespace FaultTolerance.Storage.Engines;

/// <summary>What kind of failure a store reported. It decides what is done next.</summary>
public enum StoreFault
{
    /// <summary>The store cannot be reached, is busy or is out of space. The same call may succeed later.</summary>
    Unreachable = 1,

    /// <summary>The batch lost against another one: deadlock or serialization. Nothing was written; it is repeated at once.</summary>
    Contention = 2,

    /// <summary>The data of one row cannot be stored. Nothing was written; the batch is split to find the row.</summary>
    Data = 3,

    /// <summary>The database cannot be used as it is: wrong schema, corrupt, not ours, unsafe settings. A person must act.</summary>
    Unusable = 4,
}
