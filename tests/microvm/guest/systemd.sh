# The systemd driver: scopes with runc's properties, limits that both systemd and the kernel know.
rt="oci-runtime --systemd-cgroup"

# property UNIT NAME VALUE
property() {
  value=$(systemctl show -p "$2" --value "$1")
  [ "$value" = "$3" ] || { echo "$2 of $1 is '$value', not '$3'"; return 1; }
}

check_scope_has_the_limits() {
  CGROUP=a-b.slice:box:one bundle one '{"memory": {"limit": 67108864, "swap": 100663296, "reservation": 33554432},
    "cpu": {"shares": 1024, "quota": 50000, "period": 100000, "cpus": "0"}, "pids": {"limit": 33}}'
  start one
  [ "$(cat "/proc/$(cat /tmp/one.pid)/cgroup")" = "0::/a.slice/a-b.slice/box-one.scope" ]
  property box-one.scope Slice a-b.slice
  property box-one.scope Delegate yes
  property box-one.scope MemoryMax 67108864
  property box-one.scope MemoryLow 33554432
  property box-one.scope MemorySwapMax 33554432
  property box-one.scope CPUWeight 100
  property box-one.scope CPUQuotaPerSecUSec 500ms
  property box-one.scope TasksMax 33
  property box-one.scope AllowedCPUs 0
  property box-one.scope DevicePolicy strict
  scope=$cg/a.slice/a-b.slice/box-one.scope
  [ "$(cat $scope/memory.max)" = 67108864 ]
  [ "$(cat $scope/cpu.max)" = "50000 100000" ]
  # systemd, told to read everything anew, leaves it so.
  systemctl daemon-reload
  [ "$(cat $scope/memory.max)" = 67108864 ]
  [ "$(cat $scope/pids.max)" = 33 ]
  $rt delete -f one
  [ ! -e $scope ]
  property box-one.scope LoadState not-found || property box-one.scope ActiveState inactive
}

check_update_tells_systemd() {
  CGROUP=:box:two bundle two '{"memory": {"limit": 67108864}, "pids": {"limit": 33}}'
  start two
  echo '{"memory": {"limit": 33554432}, "cpu": {"quota": 20000, "period": 100000}}' | $rt update --resources - two
  property box-two.scope MemoryMax 33554432
  property box-two.scope CPUQuotaPerSecUSec 200ms
  property box-two.scope Slice system.slice
  [ "$(cat $cg/system.slice/box-two.scope/memory.max)" = 33554432 ]
  systemctl daemon-reload
  [ "$(cat $cg/system.slice/box-two.scope/memory.max)" = 33554432 ]
  $rt delete -f two
}

check_devices_stay_denied_after_reload() {
  CGROUP=:box:three bundle three '{"devices": [{"allow": false, "access": "rwm"}]}' \
    'mknod /tmp/disk b 254 0; while [ ! -e /tmp/go ]; do sleep 0.1; done; dd if=/tmp/disk of=/dev/null count=1 && echo read >/tmp/out; echo done >>/tmp/out; exec sleep 1000'
  start three
  systemctl daemon-reload
  touch /tmp/three/tmp/go
  until_true test -s /tmp/three/tmp/out
  if grep read /tmp/three/tmp/out; then return 1; fi
  $rt delete -f three
}

check_exec_joins_the_scope() {
  CGROUP=:box:four bundle four '{}'
  start four
  $rt exec -d --pid-file /tmp/exec.pid four sleep 777
  [ "$(cat "/proc/$(cat /tmp/exec.pid)/cgroup")" = "0::/system.slice/box-four.scope" ]
  $rt delete -f four
}

check_a_wrong_path_is_told() {
  CGROUP=/a/b bundle five '{}'
  if start five >/tmp/five.err; then return 1; fi
  grep 'slice:prefix:name' /tmp/five.err
}

check_a_failed_scope_is_not_in_the_way() {
  CGROUP=:box:six bundle six '{}'
  start six
  kill -9 "$(cat /tmp/six.pid)"
  until_true sh -c "[ \$(systemctl show -p ActiveState --value box-six.scope) != active ]"
  $rt delete -f six
  start six
  $rt delete -f six
}

# as_user SCRIPT: a script of the shell in a service of the user's own manager, where its processes may be moved.
as_user() {
  echo "$1" >/tmp/as-user.sh
  touch /tmp/as-user.out
  chown 1000:1000 /tmp/as-user.out
  XDG_RUNTIME_DIR=/run/user/1000 /usr/bin/setpriv --reuid 1000 --regid 1000 --clear-groups systemctl --user start as-user.service || { cat /tmp/as-user.out; return 1; }
}

check_the_manager_of_a_user_makes_the_scope() {
  mkdir -p /run/user/1000 /rootfs/sys/fs/cgroup
  chmod 1777 /tmp
  chown 1000:1000 /run/user/1000
  systemctl start user-manager.service || { cat /tmp/user-manager.out; return 1; }
  CGROUP=:box:mine bundle mine '{"memory": {"limit": 67108864}, "pids": {"limit": 33}}'
  sed -i 's/"namespaces": \[/"uidMappings": [{"containerID": 0, "hostID": 1000, "size": 1}], "gidMappings": [{"containerID": 0, "hostID": 1000, "size": 1}], &{"type": "user"}, /' /tmp/mine/config.json
  chown -R 1000:1000 /tmp/mine
  as_user 'rt="oci-runtime --root /tmp/mine/state --systemd-cgroup"
    $rt run -d -b /tmp/mine --pid-file /tmp/mine/pid mine </dev/null
    scope=$(cut -d: -f3 "/proc/$(cat /tmp/mine/pid)/cgroup")
    [ "$scope" = /system.slice/user-manager.service/user.slice/box-mine.scope ]
    [ "$(cat /sys/fs/cgroup$scope/memory.max)" = 67108864 ]
    [ "$(cat /sys/fs/cgroup$scope/pids.max)" = 33 ]
    [ "$(systemctl --user show -p MemoryMax --value box-mine.scope)" = 67108864 ]
    echo "{\"memory\": {\"limit\": 33554432}}" | $rt update --resources - mine
    [ "$(systemctl --user show -p MemoryMax --value box-mine.scope)" = 33554432 ]
    $rt exec mine busybox true
    $rt delete -f mine
    [ ! -e "/sys/fs/cgroup$scope" ]'
  # The manager of the system knows nothing of it.
  property box-mine.scope LoadState not-found
  systemctl stop user-manager.service
}

# api PATH [CURL-OPTION...]: a call of the Docker Engine API.
api() {
  path=$1
  shift
  curl --silent --show-error --fail-with-body --max-time 300 --unix-socket /run/vitrine/docker.sock "$@" "http://d$path"
}

# run_by_api NAME RESTART-POLICY
run_by_api() {
  vitrine image inspect busybox >/dev/null 2>&1 || vitrine load -q -i /busybox.tar
  api "/containers/create?name=$1" -H 'Content-Type: application/json' \
    -d "{\"Image\": \"busybox\", \"Cmd\": [\"sleep\", \"1000\"], \"HostConfig\": {\"NetworkMode\": \"none\", \"RestartPolicy\": {\"Name\": \"$2\"}}}"
  api "/containers/$1/start" -X POST
}

running() { vitrine ps --format '{{.Names}}' | sort | xargs; }

check_the_api_socket_starts_its_server_and_containers_outlive_it() {
  systemctl enable vitrine.socket vitrine.service
  systemctl start vitrine.socket
  property vitrine.service ActiveState inactive
  [ "$(api /_ping)" = OK ]
  property vitrine.service ActiveState active
  run_by_api kept no
  pid=$(vitrine inspect --format '{{.State.Pid}}' kept)
  systemctl stop vitrine.service
  property vitrine.socket ActiveState active
  [ "$(running)" = kept ]
  # The next call starts it again, and it knows what ran before.
  api /containers/kept/json | grep "\"Pid\":$pid,"
  # Killed, it is started again without a call.
  before=$(systemctl show -p MainPID --value vitrine.service)
  systemctl kill --signal KILL vitrine.service --kill-who main
  until_true sh -c "[ \$(systemctl show -p MainPID --value vitrine.service) -gt 0 ] && [ \$(systemctl show -p MainPID --value vitrine.service) != $before ]"
  api /containers/kept/json | grep "\"Pid\":$pid,"
  vitrine rm -f kept
}

check_the_service_starts_what_ran_before_the_boot() {
  systemctl start vitrine.socket
  for policy in always unless-stopped no; do run_by_api "$policy" "$policy"; done
  run_by_api stopped unless-stopped
  api '/containers/stopped/stop?t=0' -X POST
  # What a power cut leaves: no process, nothing in /run, and states of another boot.
  systemctl stop vitrine.service vitrine.socket
  killall -9 vitrine-shim
  until_true sh -c '! pidof vitrine-shim'
  rm -rf /run/vitrine
  sed -i "s/$(cat /proc/sys/kernel/random/boot_id)/01234567-89ab-cdef-0123-456789abcdef/" /var/lib/vitrine/containers/*/state.json
  # Whoever looks meanwhile repairs what it finds, and is in nobody's way.
  while :; do vitrine ps -a >/dev/null; done &
  looking=$!
  systemctl start vitrine.service
  until_true sh -c "[ \"\$(vitrine ps --format '{{.Names}}' | sort | xargs)\" = 'always unless-stopped' ]"
  kill $looking
  systemctl restart vitrine.service
  api /_ping
  [ "$(running)" = 'always unless-stopped' ]
  vitrine rm -f always unless-stopped no stopped
}
