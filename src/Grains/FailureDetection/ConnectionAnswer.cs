namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What came of an attempt to connect to a silo's port.</summary>
internal enum ConnectionAnswer
{
    /// <summary>Nothing came back in time, or the way there is broken.</summary>
    None,

    /// <summary>The connection was accepted. A frozen process accepts it too.</summary>
    Accepted,

    /// <summary>The host answers, and nothing listens on that port.</summary>
    Refused,
}
