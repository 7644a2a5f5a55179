using FaultTolerance.Storage.Conformance;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>The suites of all engines on this one.</summary>
public static class SqliteConformance
{
    private static Task<IStorageEngine> OpenEngineAsync(DataFolder folder) => Task.FromResult<IStorageEngine>(folder.CreateEngine());

    public sealed class TaskWrites : TaskWritesConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class TaskKeys : TaskKeysConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class TaskPayloads : TaskPayloadsConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class TaskClaims : TaskClaimsConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class TaskEdges : TaskEdgesConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class TaskQueries : TaskQueriesConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class TaskRetention : TaskRetentionConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class DurableStore : DurableStoreConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class NodeRows : NodeRowsConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class EventRows : EventRowsConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    public sealed class GrainState : GrainStateConformance
    {
        private readonly DataFolder _folder = new();

        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync(_folder);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }
}
