namespace Vitrine.Insight.Audit.Known;

/// <summary>Flaws of runtimes and engines with their repaired versions, from the projects' security advisories.</summary>
public static class SoftwareFlaws
{
    public static IReadOnlyList<SoftwareFlaw> All { get; } =
    [
        new("CVE-2019-5736", "runc", "a container overwrites the runtime's own file through /proc/self/exe", null, ["1.0.0-rc7"], Severity.Critical, Gain.HostRoot),
        new("CVE-2021-30465", "runc", "a mount target that is exchanged for a link mounts host directories", null, ["1.0.0-rc95"], Severity.High, Gain.HostRoot),
        new("CVE-2022-29162", "runc", "exec leaves inheritable capabilities to the process", null, ["1.1.2"], Severity.Medium, Gain.Hygiene),
        new("CVE-2023-27561", "runc", "a link in place of /proc turns off the masks of kernel files", "1.0.0-rc95", ["1.1.5"], Severity.High, Gain.HostRoot),
        new("CVE-2023-25809", "runc", "a rootless container writes to the user's cgroups", null, ["1.1.5"], Severity.Low, Gain.DenialOfService),
        new("CVE-2024-21626", "runc", "a leaked descriptor gives an image or exec a working directory on the host", "1.0.0-rc93", ["1.1.12"], Severity.Critical, Gain.HostRoot),
        new("CVE-2024-45310", "runc", "empty files can be made at any place of the host", null, ["1.1.14", "1.2.0-rc3"], Severity.Low, Gain.DenialOfService),
        new("CVE-2025-31133", "runc", "a /dev/null that is exchanged unmasks kernel files, core_pattern among them", null, ["1.2.8", "1.3.3", "1.4.0-rc3"], Severity.Critical, Gain.HostRoot),
        new("CVE-2025-52565", "runc", "the mount of /dev/console is led elsewhere, past the masks", "1.0.0-rc3", ["1.2.8", "1.3.3", "1.4.0-rc3"], Severity.Critical, Gain.HostRoot),
        new("CVE-2025-52881", "runc", "writes to /proc are led to other kernel files", null, ["1.2.8", "1.3.3", "1.4.0-rc3"], Severity.Critical, Gain.HostRoot),
        new("CVE-2022-27650", "crun", "containers start with inheritable capabilities", null, ["1.4.4"], Severity.Medium, Gain.Hygiene),
        new("CVE-2020-15257", "containerd", "shims listen on abstract sockets that a container with the host's network reaches", null, ["1.3.9", "1.4.3"], Severity.High, Gain.HostRoot),
        new("CVE-2022-23648", "containerd", "an image's volume copies files of the host into the container", null, ["1.4.13", "1.5.10", "1.6.1"], Severity.High, Gain.HostData),
        new("CVE-2024-40635", "containerd", "a user id that is too large runs as root", null, ["1.6.38", "1.7.27", "2.0.4"], Severity.Medium, Gain.Hygiene),
        new("CVE-2024-25621", "containerd", "its directories may be entered by every user of the host", null, ["1.7.29", "2.0.7", "2.1.5", "2.2.0"], Severity.Medium, Gain.HostData),
        new("CVE-2019-14271", "dockerd", "docker cp loads a library of the container as root", "19.3.0", ["19.3.1"], Severity.Critical, Gain.HostRoot),
        new("CVE-2021-41091", "dockerd", "users of the host enter the directories of containers", null, ["20.10.9"], Severity.Medium, Gain.HostData),
        new("CVE-2022-24769", "dockerd", "containers start with inheritable capabilities", null, ["20.10.14"], Severity.Medium, Gain.Hygiene),
        new("CVE-2024-23651", "dockerd", "cache mounts of two builds race, and give files of the host", null, ["24.0.9", "25.0.2"], Severity.High, Gain.HostData),
        new("CVE-2024-41110", "dockerd", "a request without a body passes an authorization plugin by", null, ["23.0.15", "26.1.5", "27.1.1"], Severity.High, Gain.HostRoot),
        new("CVE-2022-0811", "crio", "a sysctl value with a + sets core_pattern", "1.19.0", ["1.19.6", "1.20.7", "1.21.6", "1.22.3", "1.23.2", "1.24.0"], Severity.Critical, Gain.HostRoot),
        new("CVE-2024-1753", "podman", "a build mounts the host's root directory through a link", null, ["4.9.4", "5.0.1"], Severity.High, Gain.HostRoot),
        new("CVE-2026-55686", "podman", "a link as the image's WORKDIR makes a directory, or changes the owner of one, on the host", "3.0.0", ["5.7.1"], Severity.Medium, Gain.HostData),
    ];
}
