using System.Reflection;
using System.Reflection.Emit;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>Finds in the code of the silo which classes write to the store themselves, and by which of the engine's operations.</summary>
internal static class StoreWriters
{
    private const BindingFlags Every = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Returns each class with each operation by which it writes.</summary>
    /// <param name="operations">The engine's operations that write.</param>
    public static IEnumerable<(Type Writer, string Operation)> Find(IReadOnlyCollection<string> operations) =>
        from type in typeof(NodeAgent).Assembly.GetTypes()
        from called in CallsOf(type)
        where called.DeclaringType?.IsAssignableFrom(typeof(IDurableStore)) == true && operations.Contains(OperationOf(called))
        select (Outermost(type), OperationOf(called));

    private static string OperationOf(MethodBase method) => method.Name switch
    {
        nameof(IDurableStore.WriteTaskAsync) or nameof(IDurableStore.WriteTasksAsync) => nameof(IStorageEngine.CommitTasksAsync),
        nameof(IDurableStore.WriteStateAsync) => nameof(IStorageEngine.CommitStatesAsync),
        var same => same,
    };

    /// <summary>Reads the calls by an interface, and what is handed on as a delegate, out of the compiled code.</summary>
    private static IEnumerable<MethodBase> CallsOf(Type type)
    {
        foreach (var method in type.GetMethods(Every))
        {
            var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
            for (var i = 0; i < code.Length - 4; i++)
            {
                var isCall = code[i] == OpCodes.Callvirt.Value || (i > 0 && BitConverter.ToInt16([code[i], code[i - 1]]) == OpCodes.Ldvirtftn.Value);
                if (isCall && Resolve(method, BitConverter.ToInt32(code, i + 1)) is { } called)
                {
                    yield return called;
                }
            }
        }
    }

    /// <summary>What looks like a call may be the middle of something else.</summary>
    private static MethodBase? Resolve(MethodInfo caller, int token)
    {
        try
        {
            return caller.Module.ResolveMethod(token, caller.DeclaringType!.GetGenericArguments(), caller.GetGenericArguments());
        }
        catch (Exception exception) when (exception is ArgumentException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>An asynchronous method is a class within that of the method.</summary>
    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
