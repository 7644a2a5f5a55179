namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>One message of the table: what sends it, and what holds whatever becomes of it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Situation">What sends it.</param>
/// <param name="Promise">What holds whether it is lost, its answer is lost, it comes twice, or late.</param>
/// <param name="RunAsync">Lets the situation happen and checks the promise.</param>
internal sealed record MessageRow(string Message, string Situation, string Promise, Func<MessageLab, Task> RunAsync);
