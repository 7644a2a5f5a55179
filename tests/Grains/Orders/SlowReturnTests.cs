using FaultTolerance.Grains.Orders;

namespace FaultTolerance.Grains.Tests.Orders;

public sealed class SlowReturnTests
{
    [Theory]
    [InlineData(8, 0, 1)]
    [InlineData(8, 9.999, 1)]
    [InlineData(8, 10, 2)]
    [InlineData(8, 29.999, 4)]
    [InlineData(8, 30, null)]
    [InlineData(1, 0, null)]
    [InlineData(2, 10, null)]
    [InlineData(100, 60, 64)]
    [InlineData(100, 70, null)]
    [InlineData(100, 1e9, null)]
    public void The_slots_double_with_each_step(int slots, double seconds, int? expected) =>
        Assert.Equal(expected, SlowReturn.Slots(slots, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(10)));
}
