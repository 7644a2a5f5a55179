using System.Diagnostics.Metrics;

namespace FaultTolerance;

/// <summary>What the client counts.</summary>
internal sealed class ClientInstruments
{
    public const string MeterName = "FaultTolerance.Client";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _told;
    private readonly Counter<long> _asked;
    private readonly Counter<long> _answered;

    public ClientInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("faulttolerance.client.submits.accepted", "{task}", "Calls that the cluster accepted.");
        _repeated = meter.CreateCounter<long>("faulttolerance.client.submits.repeated", "{call}", "Calls that were sent again, for want of an answer or of room.");
        _failed = meter.CreateCounter<long>("faulttolerance.client.submits.failed", "{call}", "Calls that were rejected or not answered in time.");
        _told = meter.CreateCounter<long>("faulttolerance.client.outcomes.told", "{outcome}", "Outcomes that the cluster told by itself; doubled ones count twice.");
        _asked = meter.CreateCounter<long>("faulttolerance.client.tasks.asked", "{task}", "Tasks that the client asked for, having heard nothing.");
        _answered = meter.CreateCounter<long>("faulttolerance.client.outcomes.answered", "{outcome}", "Outcomes that came as answers to questions.");
    }

    public void OnAccepted(int count) => _accepted.Add(count);

    public void OnRepeated(int count) => _repeated.Add(count);

    public void OnFailed() => _failed.Add(1);

    public void OnTold(int count) => _told.Add(count);

    public void OnAsked(int count, int answered)
    {
        _asked.Add(count);
        _answered.Add(answered);
    }
}
