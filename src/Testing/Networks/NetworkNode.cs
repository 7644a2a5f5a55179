using System.Net;

namespace FaultTolerance.Testing.Networks;

/// <summary>A node's place on a <see cref="SiloNetwork"/>.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Address">Its address, under which this machine and the other nodes reach it.</param>
/// <param name="Namespace">The name of the network namespace in which its processes run.</param>
public sealed record NetworkNode(string Name, IPAddress Address, string Namespace);
