# Records what `vitrine host ps` reads of each engine's containers, for tests/recordings/record: not a suite of checks that CI runs.
# Each tree goes to the console, packed, in lines that begin with "TREE ENGINE: ".
record() {
  unshare -m sh /checks/scenario "$1" /busybox.tar >/tmp/tree || return 1
  gzip -c /tmp/tree | base64 | sed "s/^/TREE $1: /" >/dev/console
}

check_podman() { record podman; }
check_containerd() { record containerd; }
# Without the profiles' files of the engine's package.
check_docker() { RUN_OPTIONS='--security-opt apparmor=unconfined' record docker; }
