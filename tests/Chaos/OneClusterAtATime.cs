// Each scenario starts silo processes; several clusters at once on two cores would show the load, not the faults.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
