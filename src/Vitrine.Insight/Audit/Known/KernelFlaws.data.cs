namespace Vitrine.Insight.Audit.Known;

/// <summary>
/// Kernel flaws with public ways out of containers, with the versions that repaired them: from the change logs of the stable branches
/// (cdn.kernel.org/pub/linux/kernel), as the lists of fixes by branch at github.com/nluedtke/linux_kernel_cves and the records of the CVE
/// list have them too. CVE-2022-23222 counts as repaired where it can no longer be used (5.10.92, 5.15.15, 5.16.1): the clean repair of
/// 5.17 came to 5.15.37 only.
/// </summary>
public static class KernelFlaws
{
    public static IReadOnlyList<KernelFlaw> All { get; } =
    [
        new("CVE-2016-5195", "Dirty COW", "2.6.22", ["3.16.38", "4.4.26", "4.7.9", "4.8.3", "4.9"], KernelNeed.Nothing),
        new("CVE-2021-22555", "netfilter x_tables heap overflow", "2.6.19", ["4.4.267", "4.9.267", "4.14.231", "4.19.188", "5.4.113", "5.10.31", "5.11.15", "5.12"], KernelNeed.UserNamespace),
        new("CVE-2021-3490", "bpf ALU32 bounds", "5.7", ["5.10.37", "5.11.21", "5.12.4", "5.13"], KernelNeed.Bpf),
        new("CVE-2022-0185", "fsconfig heap overflow", "5.1", ["5.4.173", "5.10.93", "5.15.16", "5.16.2", "5.17"], KernelNeed.UserNamespace),
        new("CVE-2022-0492", "cgroup v1 release_agent without a check", null, ["4.9.301", "4.14.266", "4.19.229", "5.4.177", "5.10.97", "5.15.20", "5.16.6", "5.17"], KernelNeed.CgroupV1),
        new("CVE-2022-0847", "Dirty Pipe", "5.8", ["5.10.102", "5.15.25", "5.16.11", "5.17"], KernelNeed.Nothing),
        new("CVE-2022-23222", "bpf pointer arithmetic", "5.8", ["5.10.92", "5.15.15", "5.16.1", "5.17"], KernelNeed.Bpf),
        new("CVE-2022-2588", "cls_route double free", null, ["4.9.326", "4.14.291", "4.19.256", "5.4.211", "5.10.137", "5.15.61", "5.18.18", "5.19.2", "6.0"], KernelNeed.UserNamespace),
        new("CVE-2023-0386", "overlayfs copy-up of set-user-id files", "5.11", ["5.15.91", "6.1.9", "6.2"], KernelNeed.UserNamespace),
        new("CVE-2023-2598", "io_uring fixed buffers out of bounds", "6.3", ["6.3.2", "6.4"], KernelNeed.IoUring),
        new("CVE-2023-32233", "nf_tables anonymous sets", "3.13", ["4.19.283", "5.4.243", "5.10.180", "5.15.111", "6.1.28", "6.2.15", "6.3.2", "6.4"], KernelNeed.UserNamespace),
        new("CVE-2023-3269", "StackRot", "6.1", ["6.1.37", "6.3.11", "6.4.1", "6.5"], KernelNeed.Nothing),
        new("CVE-2024-1086", "nf_tables verdict double free", "3.15", ["5.4.269", "5.10.210", "5.15.149", "6.1.76", "6.6.15", "6.7.3", "6.8"], KernelNeed.UserNamespace),
    ];
}
