using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Processes;

/// <summary>What a local cluster consists of.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>Gets the program that is started as each silo.</summary>
    public required SiloProgram Program { get; init; }

    /// <summary>Gets the folder under which the logs lie, in <c>logs</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the number of silos, which are named <c>silo-1</c>, <c>silo-2</c> and so on.</summary>
    /// <value>The default is 3.</value>
    public int Silos { get; init; } = 3;

    /// <summary>Gets the ports: two for each silo. Kept over restarts of the whole cluster by giving the same ones again.</summary>
    /// <value>Null by default: free ports are taken and kept until the cluster is disposed.</value>
    public IReadOnlyList<int>? Ports { get; init; }

    /// <summary>Gets the network on which the silos run, each with an address of its own; the program has to be told that (<see cref="SiloSlot.Network"/>). One cluster at a time.</summary>
    /// <value>Null by default: the silos share the loopback interface, and nothing can be done to the ways between them.</value>
    public SiloNetwork? Network { get; init; }

    /// <summary>Gets a random number that decides where the search for free ports starts.</summary>
    public int Chance { get; init; }

    /// <summary>Gets a value indicating whether a silo whose process has ended, without having been stopped, is started again.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool RestartsDead { get; init; }

    /// <summary>Gets how long to wait before a silo that has died is started again. It doubles each time the silo dies within a minute of its start.</summary>
    /// <value>The default is 1 second; it grows to <see cref="MaxRestartDelay"/> at the most.</value>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the longest delay before a silo that keeps dying is started again.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan MaxRestartDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how long a silo may take to leave in order before it is killed.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
