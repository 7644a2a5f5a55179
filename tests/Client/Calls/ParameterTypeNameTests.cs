using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Calls;

public sealed class ParameterTypeNameTests
{
    [Theory]
    [InlineData(typeof(int), "System.Int32")]
    [InlineData(typeof(int?), "System.Nullable<System.Int32>")]
    [InlineData(typeof(string[]), "System.String[]")]
    [InlineData(typeof(int[][,]), "System.Int32[,][]")]
    [InlineData(typeof(IReadOnlyList<string>), "System.Collections.Generic.IReadOnlyList<System.String>")]
    [InlineData(typeof(Dictionary<string, List<int[]>>), "System.Collections.Generic.Dictionary<System.String,System.Collections.Generic.List<System.Int32[]>>")]
    [InlineData(typeof((int, string)), "System.ValueTuple<System.Int32,System.String>")]
    [InlineData(typeof(Dictionary<string, int>.KeyCollection), "System.Collections.Generic.Dictionary<System.String,System.Int32>+KeyCollection")]
    [InlineData(typeof(Outer<int>.Inner<string>), "FaultTolerance.Client.Tests.Calls.ParameterTypeNameTests+Outer<System.Int32>+Inner<System.String>")]
    public void The_name_is_full_and_without_assemblies(Type type, string expected) => Assert.Equal(expected, ParameterTypeName.Of(type));

    [Fact]
    public void An_open_type_has_no_name()
    {
        Assert.Throws<ArgumentException>(() => ParameterTypeName.Of(typeof(List<>)));
        Assert.Throws<ArgumentException>(() => ParameterTypeName.Of(typeof(int).MakeByRefType()));
    }

    private static class Outer<T>
    {
        public sealed class Inner<TInner>
        {
            public T? First { get; set; }

            public TInner? Second { get; set; }
        }
    }
}
