using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;

namespace FaultTolerance.Silo;

/// <summary>Loads the assemblies of a folder, so that handlers can be deployed beside the host instead of being built into it.</summary>
internal static class HandlerAssemblies
{
    /// <summary>Loads what the folder holds; nothing when there is no such folder and nobody asked for one.</summary>
    /// <returns>The assemblies that hold handlers or types for Orleans' serializer: those that refer to this library.</returns>
    /// <exception cref="FaultToleranceException">The folder that was asked for is not there, it may not be read, or an assembly cannot be loaded.</exception>
    public static IReadOnlyList<Assembly> Load(string folder)
    {
        // What the host has itself is not loaded again: two copies of one contract would be two different types.
        var files = List(folder).ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name is not null && files.TryGetValue(name.Name, out var file) ? context.LoadFromAssemblyPath(file) : null;
        var contract = typeof(TaskHandlerAttribute).Assembly.GetName().Name;
        return [.. files.Values.Order(StringComparer.Ordinal)
            .Where(file => !File.Exists(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(file))))
            .Select(LoadFile)
            .OfType<Assembly>()
            .Where(assembly => assembly.GetReferencedAssemblies().Any(reference => reference.Name == contract))];
    }

    /// <summary>Checks that the folder is there if it was asked for, and that it may be read.</summary>
    /// <exception cref="FaultToleranceException">It is not, or it may not.</exception>
    public static void Require(string folder) => List(folder);

    private static string[] List(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return folder == SiloSettings.DefaultHandlers
                ? []
                : throw new FaultToleranceException($"The folder of handlers {folder} (FaultTolerance:Handlers) does not exist. Make it, or name another one.");
        }

        try
        {
            return Directory.GetFiles(folder, "*.dll");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultToleranceException(
                $"The folder of handlers {folder} (FaultTolerance:Handlers) cannot be read: {exception.Message} Let the user that runs the silo read it, or name another one.",
                exception);
        }
    }

    private static Assembly? LoadFile(string file)
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyPath(file);
        }
        catch (BadImageFormatException) when (IsNative(file))
        {
            return null;
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            throw new FaultToleranceException($"The handler assembly {file} cannot be loaded: {exception.Message} Build it for this version of .NET, or take it out of the folder.", exception);
        }
    }

    /// <summary>Whether a file is a whole library of another kind, and not an assembly that was cut off on its way.</summary>
    private static bool IsNative(string file)
    {
        try
        {
            using var reader = new PEReader(File.OpenRead(file));
            return reader.PEHeaders.CorHeader is null;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
