// Containers wait more than they compute: two classes side by side.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 2)]
