using FaultTolerance.Storage.Writer;

// writer <what> <engine> <location> [<more>]
//   insert  <seed>        stores batches for ever, and says which rows are acknowledged
//   race    <id> <rounds> changes one row conditionally, until that many changes were its own
//   stop                  stops itself inside a write
//   stop-unsigned         the same, at the moment when the lock's file does not name it
//   stop-recovering       stops itself as a reader that mends SQLite's log
//   hang                  sleeps for ever inside a write
if (args is not [var what, var engineName, var location, ..])
{
    Console.Error.WriteLine("usage: writer insert|race|stop|stop-unsigned|stop-recovering|hang <engine> <location> [...]");
    return 2;
}

switch (what)
{
    case "insert":
        await Work.InsertForEverAsync(Engines.Create(engineName, location), int.Parse(args[3]));
        return 0;
    case "race":
        await Work.RaceAsync(Engines.Create(engineName, location), args[3], int.Parse(args[4]));
        return 0;
    case "stop" or "hang":
        await InsideWrite.EnterAsync(engineName, location, stops: what == "stop");
        return 0;
    case "stop-unsigned":
        InsideWrite.StopUnsigned(location);
        return 0;
    case "stop-recovering":
        InsideWrite.StopRecovering(location);
        return 0;
    default:
        Console.Error.WriteLine($"unknown: {what}");
        return 2;
}
