namespace FaultTolerance.Testing;

/// <summary>Ready-made plans for <see cref="FaultyEngine.Plan"/>.</summary>
public static class FaultPlans
{
    /// <summary>Lets every call do.</summary>
    public static InjectedFault Nothing(StoreCall call) => InjectedFault.None;

    /// <summary>Fails writes by chance; the same seed fails the same calls.</summary>
    /// <param name="seed">What the chance is made from.</param>
    /// <param name="rate">How many of the writes fail, from 0 to 1.</param>
    /// <param name="faults">The faults to choose from; all that a store recovers from when none is given.</param>
    public static Func<StoreCall, InjectedFault> Seeded(int seed, double rate, params InjectedFault[] faults)
    {
        InjectedFault[] choice = faults is { Length: > 0 }
            ? faults
            : [InjectedFault.Unreachable, InjectedFault.RequestLost, InjectedFault.ReplyLost, InjectedFault.LandsLate, InjectedFault.Contention];
        var random = new Random(seed);
        return call =>
        {
            lock (random)
            {
                return call.IsWrite && random.NextDouble() < rate ? choice[random.Next(choice.Length)] : InjectedFault.None;
            }
        };
    }
}
