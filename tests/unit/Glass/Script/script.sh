#!/bin/sh
# web by hand: what process 4711 of this host is, made again with nothing but ordinary tools.
# Keep it in a file and run it as root: sh FILE. It ends with the command, and takes away all that it
# made.
# NOT MADE: What the container has written to its root since it was made: the script starts from the
# image's layers, with an empty one on top.
# NOT MADE: /proc/kcore (tmpfs) is a filesystem that this host's mount table does not have: it belongs
# to another mount namespace.
# NOT MADE: The seccomp filter: no command line tool loads one. The script's process may make every
# system call its capabilities allow.
# NOT MADE: Name service at 127.0.0.11 and published ports: a supervisor and the firewall do that.
# NOT MADE: Which devices may be opened: with cgroup v2 that is a BPF program, which no file takes.
set -eu
[ "$(id -u)" = 0 ] || { echo "by hand: this takes root" >&2; exit 1; }
[ -f "$0" ] || { echo "by hand: keep the script in a file, and run that" >&2; exit 1; }

# 1. Secrets are not written down here: give them in these variables (or write the script with
# --reveal).
export SECRET_LICENSE_KEY="${SECRET_LICENSE_KEY-REPLACE-ME}"
export SECRET_DB_PASSWORD="${SECRET_DB_PASSWORD-REPLACE-ME}"
export SECRET_UPSTREAM="${SECRET_UPSTREAM-REPLACE-ME}"

# 2. A mount namespace for the script itself: whatever it mounts is gone when it ends, and nobody else
# sees it.
[ "${BY_HAND-}" ] || BY_HAND=$$ exec unshare --mount --propagation slave sh "$0" "$@"
WORK=$(realpath "$(mktemp -d)"); chmod 711 "$WORK"
mkfifo "$WORK/from" "$WORK/to"
clean() {
    trap - EXIT
    [ -z "${PID-}" ] || kill -KILL "$PID" 2>/dev/null || :
    wait || :
    for group in ${MADE-}; do
        for tries in 1 2 3 4 5 6 7 8 9; do
            while read -r left; do kill -KILL "$left" 2>/dev/null || :; done <"$group/cgroup.procs" || :
            rmdir "$group" 2>/dev/null && break || sleep 0.2
        done
    done
    umount -l "$WORK/root" "$WORK/tools" 2>/dev/null || :
    rm -f "$WORK/from" "$WORK/to"
    rmdir "$WORK/root" "$WORK/tools" 2>/dev/null || :
    rm -rf --one-file-system "$WORK/upper" "$WORK/scratch"
    rmdir "$WORK" || :
}
trap clean EXIT
trap 'exit 143' INT TERM HUP
mkdir "$WORK/root" "$WORK/tools" "$WORK/upper" "$WORK/scratch"
export ROOT="$WORK/root" TOOLS="$WORK/tools"

# 3. The root filesystem: the image's layers over each other, read-only, and an empty directory on top
# that takes what is written.
LAYERS=/var/lib/vitrine/layers/bb/diff:/var/lib/vitrine/layers/aa/diff
mount -t overlay -o "lowerdir=$LAYERS,upperdir=$WORK/upper,workdir=$WORK/scratch" overlay "$ROOT"

# 4. Places to mount on and to start in, where the image has none. A link in the image could lead out
# of it, so each must be where it seems to be.
inside() { [ "$(realpath -m "$ROOT$1")" = "$ROOT$1" ] || { echo "by hand: $1 leads elsewhere" >&2; exit 1; }; }
directory() { inside "$1"; mkdir -p "$ROOT$1"; }
file() { inside "$1"; mkdir -p "$ROOT${1%/*}"; [ -e "$ROOT$1" ] || : >"$ROOT$1"; }
directory /proc
directory /dev
directory /sys
file /etc/hosts
directory /usr/share/nginx/html
directory /var/cache/nginx
directory /var/run/docker.sock

# 5. Control groups: a directory in each hierarchy, beside the container's. Their limits come at the
# end, or making the container would count.
G0=/sys/fs/cgroup/vitrine/by-hand-$$; mkdir "$G0"; MADE="${MADE-} $G0"  # cpuset cpu io memory pids

FIRST='
# 6. Inside, first: tell the host'\''s side which process this is, and wait until it has been given what
# only the host can give.
set -eu
read -r pid rest </proc/self/stat
echo "$pid" >&8
read -r go <&9
# A cgroup namespace is made in the group that shall be its root, so only now.
# Its ids have a meaning now: become root of the user namespace.
exec setpriv --reuid=0 --regid=0 --clear-groups --inh-caps=-all --ambient-caps=-all unshare --cgroup sh -c "$THEN"
'

export THEN='set -eu

# 7. The loopback interface, without which it could not even talk to itself.
ip link set lo up

# 8. The inner end of the pair: the container itself has no address, and two must not have one address.
# Give ADDRESS for another.
ip link set eth0 up
ip route add default via 192.168.3.1 dev eth0

# 9. What came with the copy of the mount table is locked in a user namespace: the new root must be a
# mount of its own.
mount --bind "$ROOT" "$ROOT"

# 10. Its mounts, in the order in which they lie on each other.
inside() { [ "$(realpath -m "$ROOT$1")" = "$ROOT$1" ] || { echo "by hand: $1 leads elsewhere" >&2; exit 1; }; }
directory() { inside "$1"; mkdir -p "$ROOT$1"; }
file() { inside "$1"; mkdir -p "$ROOT${1%/*}"; [ -e "$ROOT$1" ] || : >"$ROOT$1"; }
# /proc: Processes as files; a new one, as each pid namespace has its own.
mount -t proc -o nosuid,nodev,noexec,strictatime proc "$ROOT"/proc
# /proc/sys: The same place over itself, so that it can have options of its own.
mount --bind "$ROOT"/proc/sys "$ROOT"/proc/sys
mount -o remount,bind,ro,nosuid,nodev,noexec,strictatime "$ROOT"/proc/sys
# /proc/acpi: An empty directory that nobody can write to: it hides what is there.
mount -t tmpfs -o size=0k tmpfs "$ROOT"/proc/acpi
mount -o remount,bind,ro "$ROOT"/proc/acpi
# /dev: Memory as files, gone with the container.
mount -t tmpfs -o nosuid,strictatime,size=65536k,mode=755 tmpfs "$ROOT"/dev
# /dev/pts: Terminals of its own.
directory /dev/pts
mount -t devpts -o nosuid,noexec,strictatime devpts "$ROOT"/dev/pts
# /dev/shm: Memory as files, gone with the container.
directory /dev/shm
mount -t tmpfs -o nosuid,nodev,noexec,strictatime,size=65536k shm "$ROOT"/dev/shm
# /sys: Devices and the kernel'\''s settings as files.
mount -t sysfs -o nosuid,nodev,noexec,strictatime sysfs "$ROOT"/sys
# /sys/fs/cgroup: Its own control groups, as files.
mount -t cgroup2 -o nosuid,nodev,noexec,strictatime cgroup "$ROOT"/sys/fs/cgroup
mount -o remount,bind,ro,nosuid,nodev,noexec,strictatime "$ROOT"/sys/fs/cgroup
# /etc/hosts: The host'\''s own file or directory, seen from inside too.
mount --bind /var/lib/vitrine/containers/web/hosts "$ROOT"/etc/hosts
mount --bind /srv/site "$ROOT"/usr/share/nginx/html
mount -o remount,bind,ro "$ROOT"/usr/share/nginx/html
mount --bind /var/lib/vitrine/volumes/cache/_data "$ROOT"/var/cache/nginx
mount --bind /run/docker.sock "$ROOT"/var/run/docker.sock
mount -o remount,bind,nosuid,strictatime "$ROOT"/var/run/docker.sock
# Read-only now that what lies on them is there.
mount -o remount,bind,ro,nosuid,nodev,noexec,strictatime "$ROOT"/sys

# 11. Device nodes: a node is only a number, the kernel'\''s control group of devices decides who may open
# it. And the links that programs expect.
umask 022
ln -sfn /proc/self/fd "$ROOT"/dev/fd
ln -sfn /proc/self/fd/2 "$ROOT"/dev/stderr
ln -sfn /proc/self/fd/0 "$ROOT"/dev/stdin
ln -sfn /proc/self/fd/1 "$ROOT"/dev/stdout

# 12. The host'\''s files are about to go, the last tools with them: a copy of those, and of the libraries
# they need.
cd "$TOOLS"
mount -t tmpfs -o mode=755 tools .; cd "$TOOLS"; umask 022
for tool in umount setpriv env sh; do
    path=$(command -v "$tool"); cp -L "$path" "./$tool"
    ldd "$path" 2>/dev/null | while read -r name arrow library rest; do
        case $name$arrow in
        *'\''=>'\'') cp -L "$library" "./$name" ;;
        /*) cp -L "$name" ./loader ;;
        esac
    done
done
RUN=; [ ! -e loader ] || RUN="./loader --library-path ."

# 13. Wait for the limits, which the host'\''s side sets now that all is made.
echo made >&8
read -r go <&9

# 14. The new root becomes the root of the mount namespace, and the host'\''s, which then lies over it, is
# taken away: no path leads there any more. (A chroot would leave it mounted.)
( cd "$ROOT" && pivot_root . . )
$RUN ./umount -c -l /

# 15. User, groups and capabilities last, as everything before took root'\''s. The bounding set is the
# ceiling of whatever it starts.
set -- $RUN ./env -i -C / \
    PATH=/usr/sbin:/usr/bin \
    NGINX_VERSION=1.27.0 \
    LICENSE_KEY="$SECRET_LICENSE_KEY" \
    DB_PASSWORD="$SECRET_DB_PASSWORD" \
    UPSTREAM="$SECRET_UPSTREAM" \
    "$(printf %b '\''TERM=\033]0;owned\07'\'')" \
    '\''nginx: master process'\'' nginx -g '\''daemon off;'\''
exec $RUN ./setpriv --reuid=0 --regid=0 --clear-groups \
    --bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+sys_chroot,+mknod,+audit_write,+setfcap \
    --inh-caps=-all --ambient-caps=-all \
    --no-new-privs \
    -- "$@" 7<&- 8>&- 9>&-
'

# 16. New namespaces: each is a view of one kind of kernel object that begins empty, or as a copy. With
# a new pid namespace the child is process 1.
# user: ids of its own; root inside is somebody else outside
# pid: it sees its own processes only
# mnt: what it mounts, nobody else sees
# net: interfaces, addresses and ports of its own; at first a loopback that is down
# uts: a host name of its own
# ipc: shared memory and message queues of its own
# cgroup: its group looks like the root of them all (made inside, later)
exec 8<>"$WORK/from" 9<>"$WORK/to" 7<&0
answer() { read -r answer <&8; [ "$answer" != ended ] || { echo "by hand: the inside failed" >&2; exit 1; }; }
{ code=0; unshare --user --pid --net --uts --ipc --mount --propagation slave --keep-caps --fork --kill-child sh -c "$FIRST" <&7 || code=$?; echo ended >&8; exit "$code"; } &
UNSHARE=$!
answer; PID=$answer

# 17. The id maps, written by root of the host: first id inside, first id outside, how many.
printf '0 100000 65536\n' >"/proc/$PID/uid_map"
printf '0 100000 65536\n' >"/proc/$PID/gid_map"

# 18. Its host name, written from its uts namespace by root of the host, to whom the file belongs.
nsenter --target "$PID" --uts sh -c 'echo web >/proc/sys/kernel/hostname'

# 19. Into its control groups: from now on it is counted there, with all that it starts.
for group in $MADE; do echo "$PID" >"$group/cgroup.procs"; done

# 20. A pair of interfaces is a cable: one end goes into its network namespace, the other stays here,
# in the bridge.
ip link add "vbh$$n0" type veth peer name eth0 netns "$PID"
ip link set "vbh$$n0" master br-4af15683d0d6
ip link set "vbh$$n0" up
echo go >&9
answer

# 21. The limits: a number in a file, in force at once.
echo 536870912 >"$G0/memory.max"
echo 0 >"$G0/memory.swap.max"
echo '150000 100000' >"$G0/cpu.max"
echo '254:0 rbps=1048576 wbps=max riops=max wiops=100' >"$G0/io.max"
echo 2048 >"$G0/pids.max"

# 22. Limits of the process itself, older than control groups. Raising one takes CAP_SYS_RESOURCE.
prlimit --pid "$PID" --nofile=1024:1048576 || echo "by hand: nofile stays" >&2

# 23. All is made: the process becomes the command, and the script waits for its end.
echo "by hand: process $PID of this host" >&2
echo go >&9
code=0; wait "$UNSHARE" || code=$?
exit "$code"
