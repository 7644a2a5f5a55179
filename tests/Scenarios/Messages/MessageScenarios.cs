using System.Globalization;
using System.Reflection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Messages;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>For every message between our grains and processes: lost, its answer lost, twice, or late, and the outcome is the same.</summary>
public sealed class MessageScenarios(MessageFixture fixture) : IClassFixture<MessageFixture>
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    public static TheoryData<string, MessageFault> EveryFaultOfEveryMessage
    {
        get
        {
            var rows = new TheoryData<string, MessageFault>();
            foreach (var message in ClusterMessages.All)
            {
                foreach (var fault in Enum.GetValues<MessageFault>().Where(fault => fault != MessageFault.None))
                {
                    rows.Add(message, fault);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(EveryFaultOfEveryMessage))]
    public async Task Whatever_becomes_of_a_message_the_outcome_is_the_same(string message, MessageFault fault)
    {
        var row = MessageTable.Rows.SingleOrDefault(row => row.Message == message);
        Assert.True(row is not null, $"{message} has no row in {nameof(MessageTable)}: add the situation that sends it, and what holds when it goes wrong.");
        try
        {
            await new MessageLab(fixture, message, fault).RunAsync(row);
        }
        finally
        {
            fixture.Messages.Disarm();
        }
    }

    [Fact]
    public void Every_row_of_the_table_is_of_a_message_that_there_is() =>
        Assert.Empty(MessageTable.Rows.Select(row => row.Message).Except(ClusterMessages.All));

    [Fact]
    public void A_message_that_is_added_is_found_and_has_no_row()
    {
        const string Added = $"{nameof(IAddedGrain)}.{nameof(IAddedGrain.DoAsync)}";

        Assert.Contains(Added, ClusterMessages.Of(Assembly.GetExecutingAssembly()));
        Assert.DoesNotContain(Added, MessageTable.Rows.Select(row => row.Message));
    }

    [Fact]
    public async Task A_row_whose_fault_never_strikes_fails()
    {
        const string Message = $"{nameof(INodeGrain)}.{nameof(INodeGrain.GetSnapshotAsync)}";
        var idle = new MessageRow(Message, "nothing is sent", "nothing", _ => Task.CompletedTask);

        var error = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => new MessageLab(fixture, Message, MessageFault.RequestLost).RunAsync(idle));

        Assert.Contains("No RequestLost has struck INodeGrain.GetSnapshotAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_message_of_ours_has_a_deadline_of_its_own()
    {
        var methods = ClusterMessages.MethodsOf(typeof(ITaskGrain).Assembly, typeof(INodeLink).Assembly).Where(method => method.DeclaringType != typeof(IRemindable));

        Assert.All(methods, method => Assert.InRange(
            TimeSpan.Parse(method.GetCustomAttributesData().Single(data => data.AttributeType == typeof(ResponseTimeoutAttribute)).ConstructorArguments[0].Value!.ToString()!, CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(1),
            LongestAnswer));
    }
}

/// <summary>What somebody might add. It is sent by nobody.</summary>
public interface IAddedGrain : IGrainWithIntegerKey
{
    Task DoAsync();
}
