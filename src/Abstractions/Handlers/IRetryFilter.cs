namespace FaultTolerance;

/// <summary>Says after which exceptions a call is tried again, besides those that the handler or the call lists. A handler's class may implement it.</summary>
public interface IRetryFilter
{
    /// <summary>Returns whether the attempt that threw is followed by another, as far as the budget reaches.</summary>
    /// <param name="exception">What the handler threw.</param>
    /// <param name="attempt">The number of the attempt that threw, counted from 1.</param>
    bool ShouldRetry(Exception exception, int attempt);
}
