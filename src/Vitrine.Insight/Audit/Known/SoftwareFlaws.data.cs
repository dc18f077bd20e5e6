namespace Vitrine.Insight.Audit.Known;

/// <summary>
/// Flaws of runtimes and engines with their repaired versions, from the projects' security advisories, whose numbers stand behind each
/// (github.com/ORGANISATION/PROJECT/security/advisories), compared with the records of the CVE list; Docker's also with its release notes.
/// </summary>
public static class SoftwareFlaws
{
    public static IReadOnlyList<SoftwareFlaw> All { get; } =
    [
        new("CVE-2019-5736", "runc", "a container overwrites the runtime's own file through /proc/self/exe", null, ["1.0.0-rc7"], Severity.Critical, Gain.HostRoot), // openwall.com/lists/oss-security/2019/02/11/2
        new("CVE-2021-30465", "runc", "a mount target that is exchanged for a link mounts host directories", null, ["1.0.0-rc95"], Severity.High, Gain.HostRoot), // GHSA-c3xm-pvg7-gh7r
        new("CVE-2022-29162", "runc", "exec leaves inheritable capabilities to the process", null, ["1.1.2"], Severity.Medium, Gain.Hygiene), // GHSA-f3fp-gc8g-vw66
        new("CVE-2023-27561", "runc", "a link in place of /proc turns off the masks of kernel files", "1.0.0-rc95", ["1.1.5"], Severity.High, Gain.HostRoot), // github.com/opencontainers/runc/issues/3751
        new("CVE-2023-25809", "runc", "a rootless container writes to the user's cgroups", null, ["1.1.5"], Severity.Low, Gain.DenialOfService), // GHSA-m8cg-xc2p-r3fc
        new("CVE-2024-21626", "runc", "a leaked descriptor gives an image or exec a working directory on the host", "1.0.0-rc93", ["1.1.12"], Severity.Critical, Gain.HostRoot), // GHSA-xr7r-f8xq-vfvv
        new("CVE-2024-45310", "runc", "empty files can be made at any place of the host", null, ["1.1.14", "1.2.0-rc3"], Severity.Low, Gain.DenialOfService), // GHSA-jfvp-7x6p-h2pv
        new("CVE-2025-31133", "runc", "a /dev/null that is exchanged unmasks kernel files, core_pattern among them", null, ["1.2.8", "1.3.3", "1.4.0-rc3"], Severity.Critical, Gain.HostRoot), // GHSA-9493-h29p-rfm2
        new("CVE-2025-52565", "runc", "the mount of /dev/console is led elsewhere, past the masks", "1.0.0-rc3", ["1.2.8", "1.3.3", "1.4.0-rc3"], Severity.Critical, Gain.HostRoot), // GHSA-qw9x-cqr3-wc7r
        new("CVE-2025-52881", "runc", "writes to /proc are led to other kernel files", null, ["1.2.8", "1.3.3", "1.4.0-rc3"], Severity.Critical, Gain.HostRoot), // GHSA-cgrx-mc8f-2prm
        new("CVE-2026-41579", "runc", "a link as an image's /dev makes links on the host; not under Docker", null, ["1.3.6", "1.4.3", "1.5.0-rc3"], Severity.Low, Gain.HostData), // GHSA-xjvp-4fhw-gc47
        new("CVE-2022-27650", "crun", "containers start with inheritable capabilities", null, ["1.4.4"], Severity.Medium, Gain.Hygiene), // GHSA-wr4f-w546-m398
        new("CVE-2025-24965", "crun", "an image's file for krun writes to files of the host through a link", null, ["1.20.0"], Severity.Medium, Gain.HostData), // GHSA-f42g-r5jj-qh4j
        new("CVE-2020-15257", "containerd", "shims listen on abstract sockets that a container with the host's network reaches", null, ["1.3.9", "1.4.3"], Severity.High, Gain.HostRoot), // GHSA-36xw-fx78-c5r4
        new("CVE-2022-23648", "containerd", "an image's volume copies files of the host into the container", null, ["1.4.13", "1.5.10", "1.6.1"], Severity.High, Gain.HostData), // GHSA-crp2-qrr5-8pq7
        new("CVE-2024-40635", "containerd", "a user id that is too large runs as root", null, ["1.6.38", "1.7.27", "2.0.4"], Severity.Medium, Gain.Hygiene), // GHSA-265r-hfxg-fhmg
        new("CVE-2024-25621", "containerd", "its directories may be entered by every user of the host", null, ["1.7.29", "2.0.7", "2.1.5", "2.2.0"], Severity.Medium, Gain.HostData), // GHSA-pwhc-rpq9-4c8w
        new("CVE-2026-53488", "containerd", "a label of an image becomes a command on the host, where Kubernetes pulls it and the restart monitor is on", "1.7.0", ["1.7.33", "2.0.10", "2.1.9", "2.2.5", "2.3.2"], Severity.High, Gain.HostRoot), // GHSA-xhf5-7wjv-pqxp
        new("CVE-2019-14271", "dockerd", "docker cp loads a library of the container as root", "19.3.0", ["19.3.1"], Severity.Critical, Gain.HostRoot), // github.com/moby/moby/issues/39449
        new("CVE-2021-41091", "dockerd", "users of the host enter the directories of containers", null, ["20.10.9"], Severity.Medium, Gain.HostData), // GHSA-3fwx-pjgw-3558
        new("CVE-2022-24769", "dockerd", "containers start with inheritable capabilities", null, ["20.10.14"], Severity.Medium, Gain.Hygiene), // GHSA-2mm7-x5h6-5pvq
        new("CVE-2024-23651", "dockerd", "cache mounts of two builds race, and give files of the host", null, ["25.0.2"], Severity.High, Gain.HostData), // GHSA-m3r6-h7wv-7xxv; release notes 24.0.9: not repaired there
        new("CVE-2024-23652", "dockerd", "a build removes files of the host in place of empty mount points", null, ["25.0.2"], Severity.High, Gain.DenialOfService), // GHSA-4v98-7qmw-rqr8; release notes 24.0.9: not repaired there
        new("CVE-2024-23653", "dockerd", "a build's frontend starts containers with privileges that nobody allowed", null, ["25.0.2"], Severity.High, Gain.HostRoot), // GHSA-wr6v-9f75-vh2g; release notes 24.0.9: not repaired there
        new("CVE-2024-41110", "dockerd", "a request without a body passes an authorization plugin by", "19.3.0", ["23.0.15", "25.0.6", "26.1.5", "27.1.1"], Severity.High, Gain.HostRoot), // GHSA-v23v-6jw2-98fq
        new("CVE-2026-34040", "dockerd", "a request with a body that is too long passes an authorization plugin by", null, ["29.3.1"], Severity.Medium, Gain.HostRoot), // GHSA-x744-4wpc-v9h2
        new("CVE-2022-0811", "crio", "a sysctl value with a + sets core_pattern", "1.19.0", ["1.19.6", "1.20.7", "1.21.6", "1.22.3", "1.23.2", "1.24.0"], Severity.Critical, Gain.HostRoot), // GHSA-6x2m-w449-qwx7
        new("CVE-2024-3154", "crio", "an annotation of a pod sets properties of its systemd unit, commands among them", null, ["1.27.6", "1.28.6", "1.29.4"], Severity.High, Gain.HostRoot), // GHSA-2cgq-h8xw-2v5j
        new("CVE-2024-1753", "podman", "a build mounts the host's root directory through a link", null, ["4.9.4", "5.0.1"], Severity.High, Gain.HostRoot), // GHSA-874v-pj72-92f3
        new("CVE-2025-9566", "podman", "kube play writes to files of the host through a link in a volume", "4.0.0", ["5.6.1"], Severity.Medium, Gain.HostData), // GHSA-wp3j-xq48-xpjw
        new("CVE-2026-55686", "podman", "a link as the image's WORKDIR makes a directory, or changes the owner of one, on the host", "3.0.0", ["5.7.1"], Severity.Medium, Gain.HostData), // GHSA-q6r4-3wmg-fwcq
        new("CVE-2024-0132", "nvidia-ctk", "an image gets the host's root directory mounted, where CDI is not used", null, ["1.16.2"], Severity.Critical, Gain.HostRoot), // nvidia.custhelp.com/app/answers/detail/a_id/5582
        new("CVE-2025-23266", "nvidia-ctk", "an image's LD_PRELOAD is obeyed by a hook that runs on the host as root", null, ["1.17.8"], Severity.Critical, Gain.HostRoot), // nvidia.custhelp.com/app/answers/detail/a_id/5659
    ];
}
