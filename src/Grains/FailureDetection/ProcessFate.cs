namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What is known of a node's process.</summary>
internal enum ProcessFate
{
    /// <summary>Nothing is certain. A lease that runs must be waited for.</summary>
    Unknown,

    /// <summary>The process exists. It may be frozen, or cut off.</summary>
    Present,

    /// <summary>Its host accepted a connection. So does that of a frozen process.</summary>
    Listening,

    /// <summary>Its host refused one connection. So does a firewall: a second node has to be refused as well, or the lease be waited for.</summary>
    Refused,

    /// <summary>The process has ended: nothing of that life runs any more.</summary>
    Gone,
}
