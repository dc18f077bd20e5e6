// Two cores, and tests that wait more than they compute: classes run side by side, two at a time.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 2)]
