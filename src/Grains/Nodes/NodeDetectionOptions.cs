using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.Nodes;

/// <summary>How nodes prove that they are alive, and when others stop believing it.</summary>
/// <remarks>Set the same values on every node of a cluster. While a debugger is attached the lease is at least five minutes.</remarks>
public sealed class NodeDetectionOptions
{
    private NodeProfile _profile;
    private DetectionPolicy _policy;

    /// <summary>Gets or sets which profile the other properties are taken from. Orleans' own membership options follow it, too.</summary>
    /// <value>The default is <see cref="NodeProfile.Balanced"/>, whose values are the defaults of the properties below.</value>
    /// <remarks>
    /// Choosing another profile sets <see cref="LeaseLength"/>, <see cref="HeartbeatInterval"/>, <see cref="PacemakerInterval"/>,
    /// <see cref="AcceptablePause"/>, <see cref="MinDeviation"/> and <see cref="VerificationTimeout"/>: in code choose it before you
    /// change one of these. In configuration the order does not matter.
    /// </remarks>
    [EnumDataType(typeof(NodeProfile))]
    public NodeProfile Profile
    {
        get => _profile;
        set
        {
            if (value != _profile)
            {
                _profile = value;
                NodeProfiles.Apply(value, _policy, this);
            }
        }
    }

    /// <summary>Gets or sets how silence becomes suspicion. Orleans' own membership options follow it, too.</summary>
    /// <value>The default is <see cref="DetectionPolicy.Adaptive"/>.</value>
    /// <remarks>
    /// Choosing <see cref="DetectionPolicy.Fixed"/> sets what a profile sets and <see cref="FixedThreshold"/> and <see cref="FixedCheckInterval"/>,
    /// whatever the profile: a heartbeat and a look at the leases each 5 seconds, and a lease of 50 seconds, within which a silent node is suspected
    /// after 30 seconds and called. In code choose it before you change one of these. In configuration the order does not matter.
    /// </remarks>
    [EnumDataType(typeof(DetectionPolicy))]
    public DetectionPolicy Policy
    {
        get => _policy;
        set
        {
            var isOtherFigures = (value == DetectionPolicy.Fixed) != (_policy == DetectionPolicy.Fixed);
            _policy = value;
            if (isOtherFigures)
            {
                NodeProfiles.Apply(_profile, value, this);
            }
        }
    }

    /// <summary>Gets or sets from when to when a node may go without renewing its lease.</summary>
    /// <value>The default is 6 seconds; must be between 1 second and 10 minutes, and at least three times <see cref="HeartbeatInterval"/>.</value>
    /// <remarks>
    /// A frozen or cut-off node is declared dead, and its work started elsewhere, once its lease has ended. A longer lease survives
    /// longer pauses and waits longer.
    /// </remarks>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LeaseLength { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Gets or sets from one heartbeat to the next; the lease is renewed twice as often.</summary>
    /// <value>The default is 1 second; must be between 100 milliseconds and 1 minute.</value>
    /// <remarks>Each heartbeat is two small writes to the store and one call to the failure detector.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "00:01:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets from one look at the other nodes' leases to the next.</summary>
    /// <value>The default is 1 second; must be between 100 milliseconds and 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "00:01:00")]
    public TimeSpan PacemakerInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the level of phi from which a node is suspected, under the adaptive policy.</summary>
    /// <value>The default is 8.0, a silence that chance explains once in 100,000,000; must be between 1.0 and 16.0.</value>
    [Range(1.0, 16.0)]
    public double PhiThreshold { get; set; } = 8.0;

    /// <summary>Gets or sets how many of a node's newest heartbeats are looked at, under the adaptive policy.</summary>
    /// <value>The default is 100; must be between 5 and 10,000.</value>
    [Range(5, 10_000)]
    public int PhiWindow { get; set; } = 100;

    /// <summary>Gets or sets the least deviation between heartbeats that is assumed, under the adaptive policy.</summary>
    /// <value>The default is 100 milliseconds; must be between 10 milliseconds and 1 minute.</value>
    /// <remarks>Without it a node that was very regular would be suspected for the slightest delay.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "00:01:00")]
    public TimeSpan MinDeviation { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets from when to when a heartbeat may be late and count as on time, under the adaptive policy.</summary>
    /// <value>The default is 1 second; must be between 0 and 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan AcceptablePause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets from when to when a node may be silent, under the fixed policy.</summary>
    /// <value>The default is 30 seconds; must be between 1 second and 1 hour, and shorter than <see cref="LeaseLength"/> by at least one <see cref="HeartbeatInterval"/>.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FixedThreshold { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets from one check for silent nodes to the next, under the fixed policy. The adaptive one checks twice a heartbeat.</summary>
    /// <value>The default is 5 seconds; must be between 100 milliseconds and 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "00:10:00")]
    public TimeSpan FixedCheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets from when to when a suspected node may take to accept a connection and answer a call.</summary>
    /// <value>The default is 1 second (0.3 with <c>Fast</c>, 2.5 with <c>Cloud</c>, 5 under the fixed policy); must be between 100 milliseconds and 1 minute.</value>
    /// <remarks>
    /// Both together have this time. A node that gives no answer is called again at each check, so that a short limit condemns nobody. No call takes
    /// longer than 5 seconds. The search for proof that a process is gone waits as long for a connection, and 1 second at the most.
    /// </remarks>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "00:01:00")]
    public TimeSpan VerificationTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets from when to when running attempts may go on after the node was asked to leave.</summary>
    /// <value>The default is 20 seconds; must be between 0 and 1 day.</value>
    /// <remarks>
    /// The host's <c>HostOptions.ShutdownTimeout</c> is lengthened to this, <see cref="HandOverTimeout"/> and 15 seconds where it is shorter. Whatever ends
    /// processes on its machine (Kubernetes, Docker, systemd) has to wait as long.
    /// </remarks>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets or sets from when to when attempts that outlast <see cref="DrainTimeout"/> may take to stop, once their tokens have fired.</summary>
    /// <value>The default is 5 seconds; must be between 0 and 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan HandOverTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
