namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>Handlers that only one silo has.</summary>
public sealed class FirstAlone
{
    [TaskHandler("alone.first")]
    public string First(string text) => text;

    [TaskHandler("alone.first-other")]
    public string FirstOther(string text) => text;
}

/// <inheritdoc cref="FirstAlone"/>
public sealed class SecondAlone
{
    [TaskHandler("alone.second")]
    public string Second(string text) => text;
}

/// <inheritdoc cref="FirstAlone"/>
public sealed class ThirdAlone
{
    [TaskHandler("alone.third")]
    public string Third(string text) => text;
}
