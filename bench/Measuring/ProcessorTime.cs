using System.Globalization;

namespace FaultTolerance.Bench.Measuring;

/// <summary>The processor time that processes have used so far, in microseconds. It depends less on what else a machine does than elapsed time.</summary>
/// <param name="Client">The bench itself: the client, and whatever else a row runs in this process.</param>
/// <param name="Silos">The silos that it calls.</param>
/// <param name="Server">All processes of PostgreSQL.</param>
internal readonly record struct ProcessorTime(double Client, double Silos, double Server)
{
    private const double MicrosecondsPerTick = 1_000_000.0 / 100; // USER_HZ, the same on every Linux that .NET runs on

    public double Total => Client + Silos + Server;

    public static ProcessorTime operator -(ProcessorTime left, ProcessorTime right) =>
        new(left.Client - right.Client, left.Silos - right.Silos, left.Server - right.Server);

    public static ProcessorTime operator /(ProcessorTime time, double count) => new(time.Client / count, time.Silos / count, time.Server / count);

    /// <summary>Reads the time used up to now; zeros where the system does not tell.</summary>
    public static ProcessorTime Read(IReadOnlyList<int> silos)
    {
        if (!OperatingSystem.IsLinux())
        {
            return default;
        }

        var all = Directory.EnumerateDirectories("/proc").Select(folder => ReadProcess(Path.GetFileName(folder))).OfType<Entry>().ToLookup(entry => entry.Parent);
        return new ProcessorTime(
            Environment.CpuUsage.TotalTime.TotalMicroseconds,
            silos.Sum(silo => ReadProcess(silo.ToString(CultureInfo.InvariantCulture))?.Own ?? 0),
            Descendants(Environment.ProcessId, all).Where(entry => entry.Name == "postgres").Sum(entry => entry.Own + entry.EndedChildren));
    }

    private static IEnumerable<Entry> Descendants(int parent, ILookup<int, Entry> all) =>
        all[parent].SelectMany(child => Descendants(child.Id, all).Prepend(child));

    /// <summary>Reads one process; null when it is gone, or when the name is no process.</summary>
    private static Entry? ReadProcess(string id)
    {
        if (!int.TryParse(id, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        try
        {
            // pid (name) state ppid … utime stime cutime cstime are fields 14 to 17; the name may hold anything.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var end = text.LastIndexOf(')');
            var fields = text[(end + 2)..].Split(' ');
            return new Entry(number, text[(text.IndexOf('(') + 1)..end], Number(1), Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

            int Number(int field) => int.Parse(fields[field], CultureInfo.InvariantCulture);
            double Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture) * MicrosecondsPerTick;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed record Entry(int Id, string Name, int Parent, double Own, double EndedChildren);
}
