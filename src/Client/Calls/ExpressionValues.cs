using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;

namespace FaultTolerance.Calls;

/// <summary>Evaluates expressions that use no parameter.</summary>
/// <remarks>
/// Captured variables, members, elements and plain calls are read by reflection, in well under a microsecond; the rest is
/// compiled, which costs some ten microseconds interpreted and hundreds as machine code.
/// </remarks>
internal static class ExpressionValues
{
    public static object? Evaluate(Expression expression) => IsDirect(expression) ? Direct(expression) : Compiled(expression);

    // The shape is checked as a whole before anything is evaluated, so that nothing is ever evaluated twice.
    private static bool IsDirect(Expression? expression) => expression switch
    {
        null or ConstantExpression or DefaultExpression => true,
        MemberExpression member => member.Member is FieldInfo or PropertyInfo && IsDirect(member.Expression),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null } conversion =>
            KeepsValue(conversion.Operand.Type, conversion.Type) && IsDirect(conversion.Operand),
        BinaryExpression { NodeType: ExpressionType.ArrayIndex } index => IsDirect(index.Left) && IsDirect(index.Right),
        NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array => AreDirect(array.Expressions),
        NewExpression { Constructor: { } constructor } made => AreBoxable(constructor.GetParameters()) && AreDirect(made.Arguments),
        MethodCallExpression call => IsDirect(call),
        _ => false,
    };

    // A struct's method may change the struct, and reflection would call it on a copy.
    private static bool IsDirect(MethodCallExpression call) =>
        call.Object?.Type is not { IsValueType: true } && !call.Type.IsByRef && !call.Type.IsByRefLike && call.Type != typeof(void) &&
        AreBoxable(call.Method.GetParameters()) && IsDirect(call.Object) && AreDirect(call.Arguments);

    private static bool AreDirect(ReadOnlyCollection<Expression> expressions)
    {
        for (var i = 0; i < expressions.Count; i++)
        {
            if (!IsDirect(expressions[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreBoxable(ParameterInfo[] parameters) =>
        Array.TrueForAll(parameters, parameter => parameter.ParameterType is { IsByRef: false, IsByRefLike: false, IsPointer: false });

    // Upcasts, boxing and T to T?: the boxed value stays the same object.
    private static bool KeepsValue(Type from, Type to) => to.IsAssignableFrom(from) || Nullable.GetUnderlyingType(to) == from;

    private static object? Direct(Expression? expression) => expression switch
    {
        null => null,
        ConstantExpression constant => constant.Value,
        DefaultExpression nothing => nothing.Type.IsValueType ? Activator.CreateInstance(nothing.Type) : null,
        MemberExpression member => Member(member),
        UnaryExpression conversion => Direct(conversion.Operand),
        BinaryExpression index => Element(index),
        NewArrayExpression array => NewArray(array),
        NewExpression made => made.Constructor!.Invoke(BindingFlags.DoNotWrapExceptions, null, All(made.Arguments), null),
        MethodCallExpression call => Call(call),
        _ => throw new InvalidOperationException($"{expression.NodeType} is not evaluated directly."),
    };

    private static object? Member(MemberExpression member)
    {
        var owner = Direct(member.Expression);
        if (owner is null && member.Expression is not null)
        {
            return Compiled(member);
        }

        return member.Member is FieldInfo field
            ? field.GetValue(owner)
            : ((PropertyInfo)member.Member).GetValue(owner, BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    private static object? Element(BinaryExpression index) => Direct(index.Left) is Array array && Direct(index.Right) is int position
        ? array.GetValue(position)
        : Compiled(index);

    private static Array NewArray(NewArrayExpression array)
    {
        var made = Array.CreateInstance(array.Type.GetElementType()!, array.Expressions.Count);
        for (var i = 0; i < array.Expressions.Count; i++)
        {
            made.SetValue(Direct(array.Expressions[i]), i);
        }

        return made;
    }

    private static object? Call(MethodCallExpression call)
    {
        var owner = Direct(call.Object);
        return owner is null && call.Object is not null
            ? Compiled(call)
            : call.Method.Invoke(owner, BindingFlags.DoNotWrapExceptions, null, All(call.Arguments), null);
    }

    private static object?[] All(ReadOnlyCollection<Expression> expressions)
    {
        var values = new object?[expressions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Direct(expressions[i]);
        }

        return values;
    }

    // Also for a null owner: so the exception that the caller gets is the one that ordinary code would throw.
    private static object? Compiled(Expression expression) =>
        Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: !Spans.In(expression))();

    /// <summary>The interpreter boxes every value, which a span does not survive.</summary>
    internal sealed class Spans : ExpressionVisitor
    {
        private bool _found;

        public static bool In(Expression expression)
        {
            var spans = new Spans();
            spans.Visit(expression);
            return spans._found;
        }

        [return: NotNullIfNotNull(nameof(node))]
        public override Expression? Visit(Expression? node)
        {
            _found = _found || node is { Type.IsByRefLike: true };
            return _found ? node : base.Visit(node);
        }
    }
}
