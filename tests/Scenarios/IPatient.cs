namespace FaultTolerance.Scenarios.Tests;

/// <summary>An actor that has itself watched and can be made to hang.</summary>
[Alias("scenario.IPatient")]
public interface IPatient : IGrainWithStringKey
{
    /// <summary>Answers, and thereby activates the actor.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Blocks the actor's turn until <see cref="Patient.Cure"/>.</summary>
    [Alias("Hang")]
    Task HangAsync();
}
