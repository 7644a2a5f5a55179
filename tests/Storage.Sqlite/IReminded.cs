namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>A grain that has reminders.</summary>
public interface IReminded : IGrainWithStringKey
{
    Task RemindMeAsync(string name);

    Task ForgetAsync(string name);

    Task<List<string>> ListAsync();
}
