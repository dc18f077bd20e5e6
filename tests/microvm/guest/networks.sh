# Networks and volumes that need of the kernel what few have: sctp, an NFS server. The kernel's bridges do not ask the firewall here.
. /checks/lib.sh
export VITRINE_DATA_ROOT=/var/v VITRINE_EXEC_ROOT=/run/v
prepare() {
  [ -e /var/v/images/index.json ] || vitrine load -q -i /busybox.tar
}

# fails COMMAND...: "! COMMAND" would not end the check where it succeeds.
fails() {
  if "$@"; then
    echo "must fail: $*"
    return 1
  fi
}

# asking ADDRESS: a command that prints the last line of a web server's page (busybox' wget wants a C library's files for names).
asking() {
  printf '%s' "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 $1 80 | tail -n 1"
}

# answers TEXT COMMAND...: whether a command prints it.
answers() {
  local text=$1
  shift
  [ "$("$@")" = "$text" ]
}

# apart PID: whether a process has come to a network of its own.
apart() {
  [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

check_sctp_is_published_and_reserved() {
  prepare
  vitrine run -d --name greeter -p 9000:9/sctp -v /bin/sctp:/sctp busybox /sctp listen 9
  address=$(vitrine inspect -f '{{.NetworkSettings.IPAddress}}' greeter)
  [ "$(vitrine port greeter)" = '9/sctp -> 0.0.0.0:9000' ]
  until_true sctp ask "$address" 9
  # From the host, from another machine, from a container through the host; and the answer comes from where it was asked.
  until_true sctp ask 127.0.0.1 9000
  /real/ip link add wan type veth peer name lan
  unshare -n sleep 600 &
  other=$!
  until_true apart "$other"
  /real/ip link set lan netns $other
  ip addr add 198.51.100.1/24 dev wan
  ip link set wan up
  nsenter -t $other -n sh -c 'ip addr add 198.51.100.2/24 dev lan; ip link set lan up'
  [ "$(nsenter -t $other -n sctp ask 198.51.100.1 9000)" = 'hello 198.51.100.2' ]
  vitrine run --rm -v /bin/sctp:/sctp busybox /sctp ask 198.51.100.1 9000
  # The port is taken, by name.
  fails vitrine run --rm -p 9000:9/sctp busybox true 2>/tmp/taken
  cat /tmp/taken
  grep -q 'port is already allocated by container "greeter"' /tmp/taken
  vitrine rm -f greeter
  fails sctp ask 127.0.0.1 9000
  kill $other
}

check_nfs_volume_of_a_real_server() {
  prepare
  mkdir -p /export
  mount -t tmpfs tmpfs /export
  mkdir /export/shared
  mount -t nfsd nfsd /proc/fs/nfsd
  echo 'from the server' >/export/shared/file
  rpc.mountd
  exportfs -ra
  rpc.nfsd --no-nfs-version 3 --no-udp 2
  vitrine volume create --opt type=nfs --opt o=addr=127.0.0.1,nfsvers=4.2,soft --opt device=:/shared remote
  [ "$(vitrine run --rm -v remote:/data busybox cat /data/file)" = 'from the server' ]
  vitrine run --rm -v remote:/data busybox sh -c 'echo written >/data/new; grep " /data " /proc/mounts' | tee /tmp/mounts
  grep -q '^:/shared /data nfs4 rw.*,addr=127.0.0.1' /tmp/mounts
  [ "$(cat /export/shared/new)" = written ]
  # Mounted for as long as somebody uses it.
  fails grep -q ' nfs4 ' /proc/self/mounts
  vitrine run --rm --mount 'type=volume,dst=/data,volume-driver=local,volume-opt=type=nfs,volume-opt=device=:/shared,"volume-opt=o=addr=127.0.0.1,nfsvers=4.2,soft,ro"' busybox sh -c '! touch /data/no 2>/dev/null && cat /data/new'
  vitrine volume rm remote
  vitrine volume create --opt type=nfs --opt o=addr=127.0.0.1,nfsvers=4.2,soft --opt device=:/nowhere nowhere
  fails vitrine run --rm -v nowhere:/data busybox true 2>/tmp/refused
  cat /tmp/refused
  grep -q 'mount :/nowhere:.*no such file or directory' /tmp/refused
  rpc.nfsd 0
}

check_macvlan_speaks_on_its_parents_wire() {
  prepare
  /real/ip link add mw type veth peer name ml
  unshare -n sleep 600 &
  other=$!
  until_true apart "$other"
  /real/ip link set ml netns $other
  ip link set mw up
  nsenter -t $other -n sh -c 'ip addr add 203.0.113.9/24 dev ml; ip link set ml up'
  vitrine network create -d macvlan --subnet 203.0.113.0/24 --ip-range 203.0.113.64/28 -o parent=mw wire
  for name in one two; do
    vitrine run -d --name $name --network wire busybox sh -c "echo $name >/index.html; exec httpd -f -p 80 -h /"
  done
  mkdir /tmp/other
  echo other >/tmp/other/index.html
  nsenter -t $other -n httpd -p 80 -h /tmp/other
  # Each other, the other machine, and the other machine them; their frames have addresses of their own.
  address=$(vitrine inspect -f '{{.NetworkSettings.Networks.wire.IPAddress}}' two)
  vitrine exec one nslookup two | grep -q "Address: $address"
  until_true answers two vitrine exec one sh -c "$(asking "$address")"
  until_true answers other vitrine exec one sh -c "$(asking 203.0.113.9)"
  until_true answers two nsenter -t $other -n sh -c "$(asking "$address")"
  nsenter -t $other -n /real/ip neigh show "$address" | grep -qi "lladdr $(vitrine inspect -f '{{.NetworkSettings.Networks.wire.MacAddress}}' two)"
  vitrine rm -f one two
  vitrine network rm wire
  kill $other
}
