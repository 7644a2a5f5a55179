using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.FailureDetection;

public sealed class ProcessProofTests
{
    private static readonly NodeInfo Victim = Info(1);

    [Fact]
    public void A_process_that_is_not_there_is_gone() =>
        Assert.Equal(new ProcessProof(ProcessFate.Gone, "Process 1001 is gone."), ProcessProof.OfProcess(Victim, null));

    [Fact]
    public void A_process_with_the_id_of_another_start_is_gone() =>
        Assert.True(ProcessProof.OfProcess(Victim, new ProcessSighting(Victim.ProcessStart + 1, IsEnded: false)).IsGone);

    [Fact]
    public void A_process_that_only_waits_for_its_parent_is_gone() =>
        Assert.True(ProcessProof.OfProcess(Victim, new ProcessSighting(Victim.ProcessStart, IsEnded: true)).IsGone);

    [Fact]
    public void A_process_that_is_there_is_present_frozen_or_not() =>
        Assert.Equal(ProcessFate.Present, ProcessProof.OfProcess(Victim, new ProcessSighting(Victim.ProcessStart, IsEnded: false)).Fate);

    [Theory]
    [InlineData("boot-1/pid:[1]", true)]
    [InlineData("boot-1/pid:[2]", false)] // another container
    [InlineData("boot-2/pid:[1]", false)] // the machine has been started again, or is another
    [InlineData("", false)] // a machine that cannot be told
    public void Process_ids_mean_something_only_where_both_see_the_same_ones(string machine, bool shared) =>
        Assert.Equal(shared, ProcessProof.SharesMachine(Info(1, machine), new ProcessIdentity("boot-1/pid:[1]", 1, 1)));

    [Fact]
    public void Two_machines_that_cannot_be_told_are_not_the_same() =>
        Assert.False(ProcessProof.SharesMachine(Info(1, ""), new ProcessIdentity("", 1, 1)));

    [Theory]
    [InlineData(nameof(ConnectionAnswer.Refused), nameof(ProcessFate.Refused))] // so does a firewall
    [InlineData(nameof(ConnectionAnswer.Accepted), nameof(ProcessFate.Listening))] // a frozen process accepts, too
    [InlineData(nameof(ConnectionAnswer.None), nameof(ProcessFate.Unknown))]
    public void No_connection_alone_proves_anything(string answer, string fate)
    {
        var proof = ProcessProof.OfConnection(Victim, Enum.Parse<ConnectionAnswer>(answer));

        Assert.Equal(Enum.Parse<ProcessFate>(fate), proof.Fate);
        Assert.False(proof.IsGone);
    }

    [Fact]
    public void A_newer_life_on_the_same_port_proves_the_older_one_gone()
    {
        var older = Info(1, machine: "", generation: 7);

        Assert.True(ProcessProof.OfSuccessor(older, Info(1, machine: "x", generation: 8)).IsGone);
        Assert.False(ProcessProof.OfSuccessor(older, Info(1, machine: "x", generation: 7)).IsGone);
        Assert.False(ProcessProof.OfSuccessor(older, Info(1, machine: "x", generation: 6)).IsGone);
        Assert.False(ProcessProof.OfSuccessor(older, Info(2, machine: "x", generation: 8)).IsGone);
    }

    [Fact]
    public void On_loopback_a_port_is_another_one_on_each_machine()
    {
        var older = Info(1, "a", "127.0.0.1", generation: 7);

        Assert.True(ProcessProof.OfSuccessor(older, Info(1, "a", "127.0.0.1", generation: 8)).IsGone);
        Assert.False(ProcessProof.OfSuccessor(older, Info(1, "b", "127.0.0.1", generation: 8)).IsGone);
        Assert.False(ProcessProof.OfSuccessor(Info(1, "", "127.0.0.1", generation: 7), Info(1, "", "127.0.0.1", generation: 8)).IsGone);
    }
}
