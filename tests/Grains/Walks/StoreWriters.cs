using System.Reflection;
using System.Reflection.Emit;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>Finds in the code of the silo which classes write to the store, themselves or through a class that writes for many, and by which of the engine's operations.</summary>
internal static class StoreWriters
{
    private const BindingFlags Every = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>What a class that writes for many writes by. Whoever calls it goes wrong in a way of its own where such a write does.</summary>
    private static readonly Dictionary<(Type Class, string Method), string> WrittenForMany = new()
    {
        [(typeof(IncidentLog), nameof(IncidentLog.AddAsync))] = nameof(IStorageEngine.AddEventAsync),
        [(typeof(IncidentLog), nameof(IncidentLog.UpdateAsync))] = nameof(IStorageEngine.UpdateEventAsync),
        [(typeof(NodeIncidents), nameof(NodeIncidents.AddAsync))] = nameof(IStorageEngine.AddEventAsync),
        [(typeof(NodeIncidents), nameof(NodeIncidents.UpdateAsync))] = nameof(IStorageEngine.UpdateEventAsync),
        [(typeof(OwnerRecovery), nameof(OwnerRecovery.RecoverAsync))] = nameof(IStorageEngine.CommitTasksAsync),
        [(typeof(OwnerRecovery), nameof(OwnerRecovery.TakePageAsync))] = nameof(IStorageEngine.CommitTasksAsync),
    };

    /// <summary>Returns each class with each operation by which it writes.</summary>
    /// <param name="operations">The engine's operations that write.</param>
    public static IEnumerable<(Type Writer, string Operation)> Find(IReadOnlyCollection<string> operations) =>
        from type in typeof(NodeAgent).Assembly.GetTypes()
        from called in CallsOf(type)
        let operation = OperationOf(called)
        where operation is not null && operations.Contains(operation)
        select (Outermost(type), operation);

    private static string? OperationOf(MethodBase method) =>
        method.DeclaringType is not { } type ? null
        : type.IsAssignableFrom(typeof(IDurableStore)) ? OperationOfTheStore(method)
        : WrittenForMany.GetValueOrDefault((type, method.Name));

    private static string OperationOfTheStore(MethodBase method) => method.Name switch
    {
        nameof(IDurableStore.WriteTaskAsync) or nameof(IDurableStore.WriteTasksAsync) => nameof(IStorageEngine.CommitTasksAsync),
        nameof(IDurableStore.WriteStateAsync) => nameof(IStorageEngine.CommitStatesAsync),
        var same => same,
    };

    /// <summary>Reads the calls of what may be another object, and what is handed on as a delegate, out of the compiled code.</summary>
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
