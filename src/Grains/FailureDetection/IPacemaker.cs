namespace FaultTolerance.Grains.FailureDetection;

/// <summary>This silo's watch over the other nodes' leases.</summary>
internal interface IPacemaker
{
    /// <summary>Asks for a look at once, instead of when the interval is over.</summary>
    void LookNow();
}
