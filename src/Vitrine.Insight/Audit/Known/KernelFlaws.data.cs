namespace Vitrine.Insight.Audit.Known;

/// <summary>
/// Kernel flaws with public ways out of containers, with the versions that repaired them: from the change logs of the stable branches
/// (cdn.kernel.org/pub/linux/kernel), as the lists of fixes by branch at github.com/nluedtke/linux_kernel_cves, the issues of CIP's
/// cip-kernel-sec and the records of the CVE list have them too. What is not listed of a branch was not repaired there. CVE-2022-23222 counts as repaired where it can no longer be used (5.10.92, 5.15.15, 5.16.1): the clean repair of
/// 5.17 came to 5.15.37 only.
/// </summary>
public static class KernelFlaws
{
    public static IReadOnlyList<KernelFlaw> All { get; } =
    [
        new("CVE-2016-5195", "Dirty COW", "2.6.22", ["3.16.38", "4.4.26", "4.7.9", "4.8.3", "4.9"], KernelNeed.Nothing),
        new("CVE-2021-22555", "netfilter x_tables heap overflow", "2.6.19", ["4.4.267", "4.9.267", "4.14.231", "4.19.188", "5.4.113", "5.10.31", "5.11.15", "5.12"], KernelNeed.UserNamespace),
        new("CVE-2021-3490", "bpf ALU32 bounds", "5.7", ["5.10.37", "5.11.21", "5.12.4", "5.13"], KernelNeed.Bpf),
        new("CVE-2021-41073", "io_uring frees a user's pointer", "5.10", ["5.10.68", "5.14.7", "5.15"], KernelNeed.IoUring),
        new("CVE-2022-0185", "fsconfig heap overflow", "5.1", ["5.4.173", "5.10.93", "5.15.16", "5.16.2", "5.17"], KernelNeed.UserNamespace),
        new("CVE-2022-0492", "cgroup v1 release_agent without a check", null, ["4.9.301", "4.14.266", "4.19.229", "5.4.177", "5.10.97", "5.15.20", "5.16.6", "5.17"], KernelNeed.CgroupV1),
        new("CVE-2022-0847", "Dirty Pipe", "5.8", ["5.10.102", "5.15.25", "5.16.11", "5.17"], KernelNeed.Nothing),
        new("CVE-2022-23222", "bpf pointer arithmetic", "5.8", ["5.10.92", "5.15.15", "5.16.1", "5.17"], KernelNeed.Bpf),
        new("CVE-2022-2588", "cls_route double free", null, ["4.9.326", "4.14.291", "4.19.256", "5.4.211", "5.10.137", "5.15.61", "5.18.18", "5.19.2", "6.0"], KernelNeed.UserNamespace),
        new("CVE-2022-25636", "nf_tables offload out of bounds", "5.4", ["5.4.182", "5.10.103", "5.15.26", "5.16.12", "5.17"], KernelNeed.UserNamespace),
        new("CVE-2022-29582", "io_uring timeouts used after they are freed", "5.10", ["5.10.111", "5.15.34", "5.17.3", "5.18"], KernelNeed.IoUring),
        new("CVE-2022-32250", "nf_tables expressions of sets used after they are freed", "4.1", ["4.9.318", "4.14.283", "4.19.247", "5.4.198", "5.10.120", "5.15.45", "5.17.13", "5.18.2", "5.19"], KernelNeed.UserNamespace),
        new("CVE-2022-34918", "nf_tables elements of the wrong size", "5.8", ["5.10.130", "5.15.54", "5.18.11", "5.19"], KernelNeed.UserNamespace),
        new("CVE-2023-0179", "nf_tables payload of VLAN headers", "5.5", ["5.10.164", "5.15.89", "6.1.7", "6.2"], KernelNeed.UserNamespace),
        new("CVE-2023-0386", "overlayfs copy-up of set-user-id files", "5.11", ["5.15.91", "6.1.9", "6.2"], KernelNeed.UserNamespace),
        new("CVE-2023-2598", "io_uring fixed buffers out of bounds", "6.3", ["6.3.2", "6.4"], KernelNeed.IoUring),
        new("CVE-2023-32233", "nf_tables anonymous sets", "3.13", ["4.19.283", "5.4.243", "5.10.180", "5.15.111", "6.1.28", "6.2.15", "6.3.2", "6.4"], KernelNeed.UserNamespace),
        new("CVE-2023-3269", "StackRot", "6.1", ["6.1.37", "6.3.11", "6.4.1", "6.5"], KernelNeed.Nothing),
        new("CVE-2024-1086", "nf_tables verdict double free", "3.15", ["4.19.307", "5.4.269", "5.10.210", "5.15.149", "6.1.76", "6.6.15", "6.7.3", "6.8"], KernelNeed.UserNamespace),
        new("CVE-2026-31431", "Copy Fail", "4.14", ["5.10.254", "5.15.204", "6.1.170", "6.6.137", "6.12.85", "6.18.22", "6.19.12", "7.0"], KernelNeed.Nothing),
        new("CVE-2026-43284", "Dirty Frag, the half in IPsec", "4.11", ["5.10.255", "5.15.206", "6.1.172", "6.6.138", "6.12.87", "6.18.28", "7.0.5", "7.1"], KernelNeed.UserNamespace),
    ];
}
