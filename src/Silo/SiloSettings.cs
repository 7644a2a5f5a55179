using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Silo;

/// <summary>What the host is told from outside: by command line, environment or <c>appsettings.json</c>, in the section <c>FaultTolerance</c>.</summary>
internal sealed class SiloSettings
{
    /// <summary>The store: <c>sqlite:FOLDER</c> for one machine, or <c>postgres:CONNECTION STRING</c>.</summary>
    [Required]
    public string Store { get; set; } = $"{StoreSetting.SqlitePrefix}{DefaultFolder}";

    /// <summary>The node's name, the same over all its lives. The machine's name by default.</summary>
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>The cluster's name: silos with the same one and the same store find each other.</summary>
    [Required]
    public string ClusterId { get; set; } = "faulttolerance";

    /// <summary>The service's name: what keeps its meaning when the cluster is replaced.</summary>
    [Required]
    public string ServiceId { get; set; } = "faulttolerance";

    /// <summary>The address under which other silos and clients reach this one; loopback with SQLite by default.</summary>
    public string? Address { get; set; }

    /// <summary>The port for other silos.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for clients.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>The port for health and metrics, on the address and on loopback; 0 takes a free one on each.</summary>
    [Range(0, 65_535)]
    public int HttpPort { get; set; } = 8_080;

    /// <summary>The folder from which handler assemblies are loaded; beside the host by default.</summary>
    public string Handlers { get; set; } = DefaultHandlers;

    /// <summary>The id of the process that drives this silo, if one does: <c>--die-with-parent PID</c>.</summary>
    /// <remarks>
    /// The silo then leaves in order when its standard input closes, dies when that process does, and tells what changes on standard
    /// output, one JSON object a line; its log goes to standard error.
    /// </remarks>
    public int? Parent { get; set; }

    /// <summary>Where handlers are looked for when nothing is said; it need not exist.</summary>
    internal static string DefaultHandlers { get; } = Path.Combine(AppContext.BaseDirectory, "handlers");

    private static string DefaultFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "faulttolerance");
}
