# Shared by the suites. Sourced; every command that fails fails the check.
rt=${RT:-oci-runtime}
cg=/sys/fs/cgroup

# bundle NAME JSON-OF-RESOURCES [SHELL-COMMAND] [MORE-PROCESS-JSON]: a bundle in /tmp/NAME with the cgroup /t/NAME; its root is
# shared and holds busybox, its /tmp is /tmp/NAME/tmp.
bundle() {
  mkdir -p "/tmp/$1/tmp"
  cat >"/tmp/$1/config.json" <<JSON
{"ociVersion": "1.0.2", "root": {"path": "/rootfs"}, "hostname": "$1",
 "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/bin/sh", "-c", "${3:-exec sleep 1000}"], "env": ["PATH=/bin"] ${4:+, $4},
  "capabilities": {"bounding": ["CAP_MKNOD", "CAP_KILL"], "effective": ["CAP_MKNOD", "CAP_KILL"], "permitted": ["CAP_MKNOD", "CAP_KILL"]}},
 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
  {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
  {"destination": "/tmp", "type": "bind", "source": "/tmp/$1/tmp", "options": ["bind"]},
  {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev"${RO:+, \"ro\"}]}],
 "linux": {"cgroupsPath": "${CGROUP-/t/$1}", "resources": ${2:-{\}},
  "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "uts"}, {"type": "ipc"}, {"type": "network"}, {"type": "cgroup"}]}}
JSON
}

# start NAME: the container NAME of its bundle, in the background.
start() {
  $rt run -d -b "/tmp/$1" --pid-file "/tmp/$1.pid" "$1" </dev/null >"/tmp/$1.out" 2>&1 || { cat "/tmp/$1.out"; return 1; }
}

# run NAME: to its end, its output in /tmp/NAME.out.
run() {
  $rt run -b "/tmp/$1" "$1" </dev/null >"/tmp/$1.out" 2>&1
}

# is FILE CONTENT: of the cgroup NAME/FILE below /t.
is() {
  [ "$(cat "$cg/t/$1")" = "$2" ] || { echo "$1 is '$(cat "$cg/t/$1")', not '$2'"; return 1; }
}

# until_true COMMAND...: waits for it; a minute is long even for an emulated machine.
until_true() {
  for _ in $(seq 600); do
    "$@" && return 0
    sleep 0.1
  done
  echo "never true: $*"
  return 1
}

gone() { [ ! -e "/proc/$1" ]; }
