namespace FaultTolerance.Scenarios.Tests;

public class ScenarioException(string message, Exception? inner = null) : Exception(message, inner);

public sealed class DerivedScenarioException(string message) : ScenarioException(message);

public sealed class FilteredException(string message) : Exception(message);
