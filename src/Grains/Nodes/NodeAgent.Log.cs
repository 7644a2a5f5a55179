using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Nodes;

internal sealed partial class NodeAgent
{
    [LoggerMessage(EventIds.NodeJoined, LogLevel.Information, "Node {Node}, life {Incarnation}, joined at {Address} with {Slots} slots.")]
    private partial void LogJoined(string node, NodeIncarnation incarnation, SiloAddress address, int slots);

    [LoggerMessage(EventIds.LeaseRenewalFailed, LogLevel.Warning, "The lease could not be renewed now; it is tried again.")]
    private partial void LogRenewalFailed(Exception exception);

    [LoggerMessage(EventIds.LeaseLost, LogLevel.Warning, "Node {Node}, life {Incarnation}: the lease of {Length} ended without a renewal. What runs here is stopped.")]
    private partial void LogLeaseLost(string node, NodeIncarnation incarnation, TimeSpan length);

    [LoggerMessage(EventIds.OutageShared, LogLevel.Warning, "Node {Node}, life {Incarnation}, cannot reach the store and goes on with what it runs: {Reason}")]
    private partial void LogGoesOn(string node, NodeIncarnation incarnation, string reason);

    [LoggerMessage(EventIds.OutageNotShared, LogLevel.Warning, "Node {Node}, life {Incarnation}, cannot reach the store and stops what it runs at the end of its lease: {Reason}")]
    private partial void LogGoesOnNoMore(string node, NodeIncarnation incarnation, string reason);

    [LoggerMessage(EventIds.OutageOver, LogLevel.Information, "Node {Node}, life {Incarnation}: the store is back, and nothing was stopped.")]
    private partial void LogOutageOver(string node, NodeIncarnation incarnation);

    [LoggerMessage(EventIds.LeaseRegained, LogLevel.Information, "Node {Node}, life {Incarnation}, has its lease back and takes work.")]
    private partial void LogLeaseRegained(string node, NodeIncarnation incarnation);

    [LoggerMessage(EventIds.NodeFenced, LogLevel.Error, "Node {Node}, life {Incarnation}, was ended by others. It may change nothing any more.")]
    private partial void LogFenced(string node, NodeIncarnation incarnation);

    [LoggerMessage(EventIds.DrainStarted, LogLevel.Information, "Node {Node}, life {Incarnation}, takes no new work and drains for at most {Limit}.")]
    private partial void LogDrainStarted(string node, NodeIncarnation incarnation, TimeSpan limit);

    [LoggerMessage(EventIds.DrainUnfinished, LogLevel.Warning, "Node {Node}, life {Incarnation}: {Running} handlers ignored their tokens. They are given up, and others take over.")]
    private partial void LogNotHandedOver(string node, NodeIncarnation incarnation, int running);

    [LoggerMessage(EventIds.NodeQuarantined, LogLevel.Warning, "Node {Node}, life {Incarnation}, is quarantined and takes no work: {Reason}")]
    private partial void LogQuarantined(string node, NodeIncarnation incarnation, string reason);

    [LoggerMessage(EventIds.NodeReleased, LogLevel.Information, "Node {Node}, life {Incarnation}, is let back: it takes one attempt at a time, and twice as many after each {Step}.")]
    private partial void LogReleased(string node, NodeIncarnation incarnation, TimeSpan step);

    [LoggerMessage(EventIds.NodeLeft, LogLevel.Information, "Node {Node}, life {Incarnation}, left in order.")]
    private partial void LogLeft(string node, NodeIncarnation incarnation);

    [LoggerMessage(EventIds.LeavingFailed, LogLevel.Warning, "Node {Node}, life {Incarnation}, could not record that it left.")]
    private partial void LogNotLeft(Exception exception, string node, NodeIncarnation incarnation);
}
