using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;

namespace FaultTolerance.Calls;

/// <summary>Recognises references in expressions: <c>ref.Result</c> and <c>refs.Results()</c>.</summary>
internal static class RefPatterns
{
    /// <summary>Whether the expression is <c>ref.Result</c> itself.</summary>
    public static bool IsResult(Expression expression, [NotNullWhen(true)] out Expression? reference)
    {
        reference = expression is MemberExpression { Member: { Name: nameof(ObjectRef<>.Result), DeclaringType: { IsConstructedGenericType: true } type } } member &&
            type.GetGenericTypeDefinition() == typeof(ObjectRef<>)
            ? member.Expression
            : null;
        return reference is not null;
    }

    /// <summary>Whether the expression is <c>refs.Results()</c> itself.</summary>
    public static bool IsResults(Expression expression, [NotNullWhen(true)] out Expression? references)
    {
        references = expression is MethodCallExpression { Method: { Name: nameof(ObjectRef.Results) } method, Arguments: [var source] } &&
            method.DeclaringType == typeof(ObjectRef)
            ? source
            : null;
        return references is not null;
    }

    /// <summary>Whether the expression takes a result, at whatever depth.</summary>
    public static bool Contains(Expression expression)
    {
        var finder = new Finder();
        finder.Visit(expression);
        return finder.Found;
    }

    /// <summary>Takes off conversions, so that what is converted can be named.</summary>
    public static Expression WithoutConversions(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.TypeAs } conversion)
        {
            expression = conversion.Operand;
        }

        return expression;
    }

    private sealed class Finder : ExpressionVisitor
    {
        public bool Found { get; private set; }

        [return: NotNullIfNotNull(nameof(node))]
        public override Expression? Visit(Expression? node)
        {
            Found = Found || (node is not null && (IsResult(node, out _) || IsResults(node, out _)));
            return Found ? node : base.Visit(node);
        }
    }
}
