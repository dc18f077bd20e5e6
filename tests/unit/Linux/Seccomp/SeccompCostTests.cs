using FsCheck.Fluent;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>What filters cost, against libseccomp's for the same rules: instructions to load, and steps for each system call.</summary>
public sealed class SeccompCostTests
{
    private const int Filters = 200;
    private const uint Numbers = 463;

    [Fact]
    public void Compile_GeneratedFilters_TakeFewerStepsThanLibseccomps()
    {
        LibSeccomp.AssertInstalled();
        var (ours, list, tree) = (new Cost(), new Cost(), new Cost());
        FsCheck.Check.One(Properties.Config(Filters), Prop.ForAll(Arb.From(FilterGenerator.Unambiguous), filter =>
        {
            if (LibSeccomp.Build(filter) is not { } plain || LibSeccomp.Build(filter, optimize: true) is not { } searched)
                return;
            var own = SeccompCompiler.Compile(filter).Bytes.ToArray();
            ours.Add(own, filter);
            list.Add(plain, filter);
            tree.Add(searched, filter);
        }));

        TestContext.Current.SendDiagnosticMessage("{0} filters: instructions {1}, libseccomp {2}, its tree {3}; steps {4:f2}, libseccomp {5:f2}, its tree {6:f2}",
            ours.Count, ours.Instructions, list.Instructions, tree.Instructions, ours.Steps, list.Steps, tree.Steps);
        Assert.True(ours.Count > Filters / 2);
        // A search is longer than a list where a filter names few calls, and ours also has ENOSYS for calls that are too new.
        Assert.True(ours.Instructions <= 1.15 * list.Instructions, $"{ours.Instructions} instructions, libseccomp {list.Instructions}");
        Assert.True(ours.Steps <= list.Steps && ours.Steps <= tree.Steps, $"{ours.Steps:f2} steps, libseccomp {list.Steps:f2}, its tree {tree.Steps:f2}");
    }

    private sealed class Cost
    {
        private long _steps;
        private long _questions;

        public int Count { get; private set; }

        public int Instructions { get; private set; }

        public double Steps => (double)_steps / _questions;

        public void Add(byte[] code, SeccompFilter filter)
        {
            var program = new BpfInterpreter(code);
            Count++;
            Instructions += program.Length;
            foreach (var audit in filter.Architectures.Count == 0 ? [SeccompArchitectures.Native.AuditValue()] : filter.Architectures.Select(abi => abi.AuditValue()).Distinct())
            {
                for (var number = 0U; number < Numbers; number++)
                    _steps += program.Run(new SeccompData(audit, number, new ulong[6])).Steps;
                _questions += Numbers;
            }
        }
    }
}
