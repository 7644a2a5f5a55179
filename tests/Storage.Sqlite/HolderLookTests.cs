using System.Diagnostics;
using System.Text;
using FaultTolerance.Storage.Sqlite.Locks;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class HolderLookTests
{
    private static readonly LockHolder Own = new(1, 100, 1, "pid:[1]", 0, IsDebugged: false);
    private static readonly LockHolder Other = new(2, 200, 22, "pid:[1]", 5, IsDebugged: false);
    private static readonly ProcessFacts Sleeping = new(200, 'S', 30, Tracer: 0, Sleeps: 40);
    private static readonly HolderLook Before = new(Other, Sleeping);

    [Fact]
    public void A_stopped_holder_is_ended() =>
        Assert.Equal(HolderVerdict.Stopped, Look(Other, Sleeping with { State = 'T' }));

    [Fact]
    public void A_holder_that_sleeps_through_two_looks_hangs()
    {
        Assert.Equal(HolderVerdict.Working, Look(Other, Sleeping));
        Assert.Equal(HolderVerdict.Hung, Look(Other, Sleeping, Before));
    }

    [Fact]
    public void A_holder_that_used_its_processor_since_the_last_look_works() =>
        Assert.Equal(HolderVerdict.Working, Look(Other, Sleeping with { Work = 31 }, Before));

    [Fact]
    public void A_holder_that_has_woken_since_the_last_look_works_however_long_its_naps_add_up() =>
        Assert.Equal(HolderVerdict.Working, Look(Other, Sleeping with { Sleeps = 41 }, Before));

    [Fact]
    public void A_thread_that_waits_over_and_over_is_seen_to_wake_though_it_computes_nothing()
    {
        using var never = new ManualResetEvent(false);
        var own = LockHolder.Current(1);
        var before = ProcessFacts.Read(own.Process, own.Thread)!;

        for (var nap = 0; nap < 3; nap++)
        {
            never.WaitOne(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(ProcessFacts.Read(own.Process, own.Thread)!.Sleeps - before.Sleeps, 3, long.MaxValue);
    }

    [Fact]
    public void A_holder_that_gave_the_lock_back_and_took_it_again_works() =>
        Assert.Equal(HolderVerdict.Working, Look(Other with { Hold = 6 }, Sleeping, Before));

    [Theory]
    [InlineData('D')] // waits for its disk: on one that stalls, each holder in turn would be ended
    [InlineData('R')]
    public void A_holder_that_computes_or_waits_for_its_disk_works(char state) =>
        Assert.Equal(HolderVerdict.Working, Look(Other, Sleeping with { State = state }, new HolderLook(Other, Sleeping with { State = state })));

    [Fact]
    public void A_holder_that_only_the_kernel_names_is_ended_when_it_is_stopped_and_never_for_sleeping()
    {
        var unsigned = LockHolder.ByKernel(Other.Process, Other.Start) with { Space = Other.Space };

        Assert.Equal(HolderVerdict.Stopped, Look(unsigned, Sleeping with { State = 'T' }));
        Assert.Equal(HolderVerdict.Working, Look(unsigned, Sleeping, new HolderLook(unsigned, Sleeping)));
    }

    [Theory]
    [InlineData('T')]
    [InlineData('t')]
    [InlineData('S')]
    public void A_holder_with_a_debugger_attached_is_left_alone(char state)
    {
        var facts = Sleeping with { State = state, Tracer = 77 };

        Assert.Equal(HolderVerdict.Debugged, Look(Other, facts, new HolderLook(Other, facts)));
        Assert.Equal(HolderVerdict.Debugged, Look(Other with { IsDebugged = true }, Sleeping with { State = state }));
    }

    [Fact]
    public void A_process_that_only_has_the_holders_id_is_left_alone() =>
        Assert.Equal(HolderVerdict.Unknown, Look(Other with { Start = 199 }, Sleeping with { State = 'T' }));

    [Fact]
    public void A_holder_that_is_gone_is_left_alone() => Assert.Equal(HolderVerdict.Unknown, Look(Other, null));

    [Fact]
    public void Nobody_is_left_alone() => Assert.Equal(HolderVerdict.Unknown, Look(null, null));

    [Fact]
    public void A_holder_in_another_process_namespace_is_left_alone() =>
        Assert.Equal(HolderVerdict.Unknown, Look(Other with { Space = "pid:[2]" }, Sleeping with { State = 'T' }));

    [Fact]
    public void Another_store_of_this_process_is_left_alone() =>
        Assert.Equal(HolderVerdict.Own, Look(Own, Sleeping with { Start = 100 }, new HolderLook(Own, Sleeping with { Start = 100 })));

    [Fact]
    public void A_holder_is_read_back_as_it_was_written()
    {
        var bytes = Other.ToBytes();

        Assert.Equal(LockHolder.ByteLength, bytes.Length);
        Assert.True(LockHolder.TryParse(bytes, out var read));
        Assert.Equal(Other, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("12 34")]
    [InlineData("12 34 5 pid:[1] 6 0")] // cut off before its full stop
    [InlineData("a 34 5 pid:[1] 6 0 .")]
    [InlineData("99999999999999999999 34 5 pid:[1] 6 0 .")]
    public void A_record_that_is_not_whole_names_nobody(string text) =>
        Assert.False(LockHolder.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void This_process_is_seen_as_it_is()
    {
        var own = LockHolder.Current(3);
        var facts = ProcessFacts.Read(own.Process, own.Thread);

        Assert.NotNull(facts);
        Assert.Equal(Environment.ProcessId, own.Process);
        Assert.Equal(own.Start, facts.Start);
        Assert.Equal('R', facts.State);
        Assert.Equal(Debugger.IsAttached, own.IsDebugged);
        Assert.StartsWith("pid:[", own.Space);
    }

    [Fact]
    public void A_process_that_does_not_exist_is_not_seen() => Assert.Null(ProcessFacts.Read(int.MaxValue));

    private static HolderVerdict Look(LockHolder? holder, ProcessFacts? facts, HolderLook? before = null) =>
        new HolderLook(holder, facts).Judge(Own, before);
}
