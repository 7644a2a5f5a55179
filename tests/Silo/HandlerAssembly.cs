using System.Reflection;
using System.Reflection.Emit;

namespace FaultTolerance.Silo.Tests;

/// <summary>Makes assemblies with one handler each, as users deploy them.</summary>
internal static class HandlerAssembly
{
    /// <summary>Writes an assembly whose class <c>Tasks</c> has a method <c>Run</c> under a handler's name.</summary>
    public static void Write(string folder, string assembly, string handler, int version)
    {
        var built = new PersistedAssemblyBuilder(new AssemblyName(assembly), typeof(object).Assembly);
        var type = built.DefineDynamicModule(assembly).DefineType($"{assembly}.Tasks", TypeAttributes.Public);
        type.DefineDefaultConstructor(MethodAttributes.Public);
        var method = type.DefineMethod("Run", MethodAttributes.Public, typeof(void), []);
        method.GetILGenerator().Emit(OpCodes.Ret);
        method.SetCustomAttribute(new CustomAttributeBuilder(
            typeof(TaskHandlerAttribute).GetConstructor([typeof(string)])!, [handler],
            [typeof(TaskHandlerAttribute).GetProperty(nameof(TaskHandlerAttribute.Version))!], [version]));
        type.CreateType();
        built.Save(Path.Combine(folder, $"{assembly}.dll"));
    }
}
