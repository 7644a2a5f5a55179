using FaultTolerance.Cli;
using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Demo;
using FaultTolerance.Cli.Orders;
using FaultTolerance.Cli.Queries;

var terminal = new Terminal(Console.Out, Console.Error, TimeProvider.System);
return await FtCommand.RunAsync(args, Console.Out, Console.Error, new FtPrograms(
    new DemoProgram(Console.Out, Console.Error, TimeProvider.System).RunAsync,
    new ChaosProgram(Console.Out, Console.Error, TimeProvider.System).RunAsync,
    new ClusterProgram(terminal, Console.In, Console.Out),
    new QueryProgram(terminal),
    new OrderProgram(terminal)));
