using System.Collections;
using System.Linq.Expressions;
using FaultTolerance.Gateways;

namespace FaultTolerance.Calls;

/// <summary>A lambda over items that was read: makes the arguments of one call for each item.</summary>
internal abstract class ManyCalls(CallPlan plan)
{
    public CallPlan Plan { get; } = plan;

    public static ManyCalls Create(
        CallReader reader, CallPlan plan, MethodCallExpression call, ParameterExpression item, int? itemCount, int maxFanIn) =>
        (ManyCalls)Activator.CreateInstance(
            typeof(ManyCalls<>).MakeGenericType(item.Type),
            System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.DoNotWrapExceptions,
            null, [reader, plan, call, item, itemCount, maxFanIn], null)!;

    public abstract IEnumerable<ReadCall> Read(IEnumerable items);
}

/// <inheritdoc/>
internal sealed class ManyCalls<TItem> : ManyCalls
{
    private readonly CallReader _reader;
    private readonly ItemArgument<TItem>[] _arguments;

    public ManyCalls(CallReader reader, CallPlan plan, MethodCallExpression call, ParameterExpression item, int? itemCount, int maxFanIn)
        : base(plan)
    {
        var scope = new ItemScope(plan, item, itemCount, maxFanIn);
        _reader = reader;
        _arguments = plan.Parameters
            .Where(parameter => !parameter.IsFilledIn)
            .Select(parameter => ItemArgument<TItem>.Create(scope, parameter, call.Arguments[parameter.Position]))
            .ToArray();
    }

    public override IEnumerable<ReadCall> Read(IEnumerable items)
    {
        foreach (var item in items as IEnumerable<TItem> ?? items.Cast<TItem>())
        {
            var arguments = new TaskArgument[_arguments.Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i] = _arguments[i].Read(item);
            }

            yield return new ReadCall(Plan, arguments, _reader.CheckedSize(Plan, arguments));
        }
    }
}
