namespace FaultTolerance.Testing.Networks;

/// <summary>Nodes cannot be given networks of their own here: the rights or the programs for it are missing, or this is not Linux.</summary>
public sealed class NetworkUnavailableException(string cause, Exception? inner = null) : FaultToleranceException(
    $"Silos cannot be given networks of their own: {cause.Trim()} Run as root on Linux (or with CAP_SYS_ADMIN and CAP_NET_ADMIN), and install what it takes: apt-get install iproute2 nftables util-linux.",
    inner);
