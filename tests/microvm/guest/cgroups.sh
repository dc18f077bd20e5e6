# cgroup v2 with every controller: limits, devices, freezer, killing, statistics.

check_limits_are_written() {
  bundle limits '{"memory": {"limit": 67108864, "swap": 100663296, "reservation": 33554432},
    "cpu": {"shares": 1024, "quota": 50000, "period": 100000, "burst": 1000, "cpus": "0", "mems": "0"}, "pids": {"limit": 33},
    "unified": {"memory.high": "50331648", "cgroup.max.depth": "5"}}'
  start limits
  is limits/memory.max 67108864
  is limits/memory.low 33554432
  is limits/memory.high 50331648
  is limits/cpu.max "50000 100000"
  is limits/cpu.max.burst 1000
  is limits/cpuset.cpus.effective 0
  is limits/pids.max 33
  is limits/cgroup.max.depth 5
  $rt delete -f limits
  [ ! -e $cg/t/limits ]
}

check_update_changes_what_is_given() {
  bundle update '{"memory": {"limit": 67108864}, "cpu": {"quota": 50000, "period": 100000}, "pids": {"limit": 33}}'
  start update
  echo '{"memory": {"limit": 33554432}, "cpu": {"quota": 20000}}' | $rt update --resources - update
  is update/memory.max 33554432
  is update/cpu.max "20000 100000"
  is update/pids.max 33
  $rt update --pids-limit 44 update
  is update/pids.max 44
  is update/memory.max 33554432
  $rt delete -f update
}

check_memory_limit_kills() {
  bundle oom '{"memory": {"limit": 16777216, "swap": 16777216}}' 'tail /dev/zero'
  if run oom; then return 1; fi
  # The same without a limit, but bounded, is fine.
  bundle fine '{"memory": {"limit": 16777216}}' 'dd if=/dev/zero of=/dev/null bs=1M count=2'
  run fine
}

check_pids_limit_refuses_forks() {
  bundle pids '{"pids": {"limit": 4}}' 'for i in 1 2 3 4 5 6; do sleep 1 & done; wait'
  run pids || true
  grep -q "can.t fork" /tmp/pids.out
  bundle pids2 '{"pids": {"limit": 20}}' 'for i in 1 2 3 4 5 6; do sleep 1 & done; wait'
  run pids2
  if grep -q "can.t fork" /tmp/pids2.out; then return 1; fi
}

# A block device that is nobody's: null_blk.
disk=$(cat /sys/block/nullb0/dev)
disk_rule() {
  echo "{\"allow\": true, \"type\": \"b\", \"major\": ${disk%:*}, \"minor\": ${disk#*:}, \"access\": \"$1\"}"
}

check_devices_are_enforced() {
  script="mknod /tmp/disk b ${disk%:*} ${disk#*:}; dd if=/tmp/disk of=/dev/null count=1 && echo read; dd if=/dev/zero of=/tmp/disk count=1 && echo wrote; echo x >/dev/null && echo null"
  bundle denied '{"devices": [{"allow": false, "access": "rwm"}]}' "$script"
  run denied
  grep null /tmp/denied.out
  grep "not permitted" /tmp/denied.out
  if grep -E "^(read|wrote)" /tmp/denied.out; then return 1; fi
  bundle reading "{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}, $(disk_rule r)]}" "$script"
  run reading
  grep "^read" /tmp/reading.out
  if grep "^wrote" /tmp/reading.out; then return 1; fi
  bundle both "{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}, $(disk_rule r), $(disk_rule w)]}" "$script"
  run both
  grep "^read" /tmp/both.out
  grep "^wrote" /tmp/both.out
  bundle all '{"devices": [{"allow": true, "access": "rwm"}]}' "$script"
  run all
  grep "^wrote" /tmp/all.out
}

check_pause_and_resume() {
  bundle pause '{}' 'while :; do echo x >>/tmp/ticks; done'
  start pause
  until_true test -s /tmp/pause/tmp/ticks
  $rt pause pause
  is pause/cgroup.freeze 1
  grep "frozen 1" $cg/t/pause/cgroup.events
  $rt state pause | grep '"status": *"paused"'
  size=$(stat -c %s /tmp/pause/tmp/ticks)
  sleep 1
  [ "$size" = "$(stat -c %s /tmp/pause/tmp/ticks)" ]
  $rt resume pause
  $rt state pause | grep '"status": *"running"'
  until_true sh -c "[ $size != \$(stat -c %s /tmp/pause/tmp/ticks) ]"
  $rt delete -f pause
}

check_delete_kills_a_paused_fork_bomb() {
  bundle bomb '{"pids": {"limit": 60}}' 'f() { while :; do sleep 0.05 & done; }; f & f & f'
  start bomb
  until_true sh -c "[ \$(cat $cg/t/bomb/pids.current) -gt 5 ]"
  pid=$(cat /tmp/bomb.pid)
  $rt pause bomb
  $rt delete -f bomb
  gone "$pid"
  [ ! -e $cg/t/bomb ]
}

check_statistics_are_the_kernels() {
  bundle stats '{"memory": {"limit": 67108864}, "pids": {"limit": 55}}' 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exec sleep 1000'
  start stats
  until_true sh -c "[ \$(awk '/^usage_usec/ {print \$2}' $cg/t/stats/cpu.stat) -gt 1000 ]"
  $rt events --stats stats >/tmp/stats.json
  grep '"limit":67108864' /tmp/stats.json
  grep '"limit":55' /tmp/stats.json
  grep '"total":[1-9][0-9]*' /tmp/stats.json
  grep '"anon":[1-9]' /tmp/stats.json
  $rt delete -f stats
}

check_exec_joins_the_cgroup() {
  bundle exec '{"pids": {"limit": 55}}'
  start exec
  [ "$($rt exec exec cat /proc/self/cgroup)" = "0::/" ]
  $rt exec -d --pid-file /tmp/exec2.pid exec sleep 777
  [ "$(cat "/proc/$(cat /tmp/exec2.pid)/cgroup")" = "0::/t/exec" ]
  $rt delete -f exec
}

check_exec_into_a_container_that_divides_its_cgroup() {
  bundle divided '{}' 'mkdir /sys/fs/cgroup/in && echo 1 >/sys/fs/cgroup/in/cgroup.procs && echo +pids >/sys/fs/cgroup/cgroup.subtree_control && echo ready >/tmp/ready; exec sleep 1000'
  start divided
  until_true test -s /tmp/divided/tmp/ready
  [ "$($rt exec divided cat /proc/self/cgroup)" = "0::/in" ]
  $rt delete -f divided
  [ ! -e $cg/t/divided ]
}

check_a_cgroup_with_processes_is_refused() {
  mkdir -p $cg/t/taken
  sleep 1000 &
  other=$!
  echo $other >$cg/t/taken/cgroup.procs
  bundle taken '{}'
  if start taken; then kill $other; return 1; fi
  kill -0 $other
  kill $other
}

check_cgroup_mount_is_the_containers_own() {
  bundle own '{}' 'cat /proc/self/cgroup; ls /sys/fs/cgroup/cgroup.procs; mkdir /sys/fs/cgroup/x && echo made'
  run own
  grep -x "0::/" /tmp/own.out
  grep made /tmp/own.out
  RO=1 bundle own2 '{}' 'mkdir /sys/fs/cgroup/x && echo made'
  run own2 || true
  if grep made /tmp/own2.out; then return 1; fi
}

check_throttles_and_weights() {
  bundle io "{\"blockIO\": {\"weight\": 300, \"weightDevice\": [{\"major\": ${disk%:*}, \"minor\": ${disk#*:}, \"weight\": 500}],
    \"throttleReadBpsDevice\": [{\"major\": ${disk%:*}, \"minor\": ${disk#*:}, \"rate\": 1048576}],
    \"throttleWriteIOPSDevice\": [{\"major\": ${disk%:*}, \"minor\": ${disk#*:}, \"rate\": 77}]}}"
  echo bfq >/sys/block/nullb0/queue/scheduler
  start io
  grep "^$disk rbps=1048576 wbps=max riops=max wiops=77$" $cg/t/io/io.max
  grep "^default 300$" $cg/t/io/io.bfq.weight
  grep "^$disk 500$" $cg/t/io/io.bfq.weight
  $rt delete -f io
}

# An unconfined process may do what the profile denies: the twin that shows that the denial is the profile's.
check_apparmor_confines_process_and_exec() {
  printf 'abi <kernel>,\nprofile boxed flags=(attach_disconnected,mediate_deleted) {\n  file,\n  capability,\n  signal,\n  deny /tmp/secret rw,\n}\n' |
    apparmor_parser --replace --skip-cache --subdomainfs /sys/kernel/security/apparmor
  script='echo key >/tmp/secret && echo wrote; cat /proc/self/attr/current; exec sleep 1000'
  bundle boxed '{}' "$script" '"apparmorProfile": "boxed"'
  start boxed
  until_true grep boxed /tmp/boxed.out
  if grep wrote /tmp/boxed.out; then return 1; fi
  [ "$(cat "/proc/$(cat /tmp/boxed.pid)/attr/current")" = "boxed (enforce)" ]
  [ "$($rt exec boxed cat /proc/self/attr/current)" = "boxed (enforce)" ]
  $rt delete -f boxed
  bundle free '{}' "$script"
  start free
  until_true grep unconfined /tmp/free.out
  grep wrote /tmp/free.out
  $rt delete -f free
  # A profile that is not loaded must not be left out.
  bundle none '{}' "$script" '"apparmorProfile": "not-there"'
  if start none; then return 1; fi
}

check_delegated_to_a_user_namespace() {
  bundle delegated '{"pids": {"limit": 50}}' 'mkdir /sys/fs/cgroup/in && echo 1 >/sys/fs/cgroup/in/cgroup.procs && echo +pids >/sys/fs/cgroup/cgroup.subtree_control && echo divided; echo 999 >/sys/fs/cgroup/pids.max || echo limit kept; exec sleep 1000'
  sed -i 's/"linux": {/"linux": {"uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}], "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}], /; s/{"type": "pid"}/{"type": "user"}, {"type": "pid"}/' /tmp/delegated/config.json
  chmod 777 /tmp/delegated/tmp
  start delegated
  until_true grep "limit kept" /tmp/delegated.out
  grep divided /tmp/delegated.out
  [ "$(stat -c %u $cg/t/delegated)" = 100000 ]
  [ "$(stat -c %u $cg/t/delegated/pids.max)" = 0 ]
  is delegated/pids.max 50
  $rt delete -f delegated
  [ ! -e $cg/t/delegated ]
}

check_rootless_in_a_delegated_tree() {
  mkdir -p $cg/user/session
  echo "+pids +memory +cpu" >$cg/user/cgroup.subtree_control
  chown user $cg/user $cg/user/cgroup.procs $cg/user/cgroup.subtree_control $cg/user/session $cg/user/session/cgroup.procs
  CGROUP='' bundle rootless '{"pids": {"limit": 44}, "memory": {"limit": 33554432}}'
  sed -i 's/"linux": {/"linux": {"uidMappings": [{"containerID": 0, "hostID": 1000, "size": 1}], "gidMappings": [{"containerID": 0, "hostID": 1000, "size": 1}], /; s/{"type": "pid"}/{"type": "user"}, {"type": "pid"}/' /tmp/rootless/config.json
  chmod 777 /tmp/rootless /tmp/rootless/tmp
  mkdir -m 700 /tmp/runtime
  chown user /tmp/runtime
  user() { sh -c "echo \$\$ >$cg/user/session/cgroup.procs; exec su user -c 'cd /tmp/rootless; XDG_RUNTIME_DIR=/tmp/runtime; export XDG_RUNTIME_DIR; $1'"; }
  user "$rt run -d --pid-file pid box </dev/null >out 2>&1" || { cat /tmp/rootless/out; return 1; }
  [ "$(cat "/proc/$(cat /tmp/rootless/pid)/cgroup")" = "0::/user/box" ]
  [ "$(cat $cg/user/box/pids.max)" = 44 ]
  [ "$(cat $cg/user/box/memory.max)" = 33554432 ]
  [ "$(user "$rt exec box cat /proc/self/cgroup")" = "0::/" ]
  user "$rt pause box && $rt resume box && $rt delete -f box"
  [ ! -e $cg/user/box ]
}

check_a_process_starts_in_its_cgroup() {
  # Nothing of the set-up is ever in another cgroup: a limit of one process holds from the first moment.
  bundle first '{"pids": {"limit": 1}}' 'exec cat /proc/self/cgroup'
  run first
  grep -x "0::/" /tmp/first.out
}

check_kill_all_ends_every_process() {
  bundle kill '{}' 'sleep 1000 & sleep 1000 & exec sleep 1000'
  start kill
  until_true sh -c "[ \$(cat $cg/t/kill/pids.current) = 3 ]"
  $rt kill --all kill KILL
  until_true sh -c "[ \$(cat $cg/t/kill/pids.current) = 0 ]"
  until_true sh -c "$rt state kill | grep '\"status\": *\"stopped\"'"
  $rt delete kill
}

check_vitrine_runs_with_limits() {
  vitrine load -q -i /busybox.tar
  vitrine run -d --network none --name web --memory 64m --memory-swap 96m --cpus 0.5 --pids-limit 40 busybox:latest sleep 1000
  id=$(vitrine inspect --format '{{.Id}}' web)
  [ "$(cat $cg/vitrine/$id/memory.max)" = 67108864 ]
  [ "$(cat $cg/vitrine/$id/memory.swap.max)" = 33554432 ]
  [ "$(cat $cg/vitrine/$id/cpu.max)" = "50000 100000" ]
  [ "$(cat $cg/vitrine/$id/pids.max)" = 40 ]
  [ "$(vitrine exec web cat /proc/self/cgroup)" = "0::/" ]
  vitrine rm -f web
  [ ! -e $cg/vitrine/$id ]
  # Memory that runs out is told.
  vitrine run --network none --name oom --memory 16m --memory-swap 16m busybox:latest tail /dev/zero || true
  [ "$(vitrine inspect --format '{{.State.OOMKilled}} {{.State.ExitCode}}' oom)" = "true 137" ]
  vitrine rm oom
}

# The denials' twin is the same container without the profile: what it may do, no mask, capability or filter is in the way of.
check_vitrine_confines_by_its_default_profile() {
  [ -n "$(vitrine images -q busybox)" ] || vitrine load -q -i /busybox.tar
  vitrine run -d --init --network none --name plain busybox:latest sh -c 'trap "exit 7" TERM; while :; do sleep 0.1; done'
  [ "$(cat "/proc/$(vitrine inspect --format '{{.State.Pid}}' plain)/attr/current")" = "vitrine-default (enforce)" ]
  [ "$(vitrine inspect --format '{{.AppArmorProfile}}' plain)" = vitrine-default ]
  [ "$(vitrine exec plain cat /proc/self/attr/current)" = "vitrine-default (enforce)" ]
  # The init and its command, which may signal it.
  for pid in $(vitrine exec plain sh -c 'ls /proc | grep -x "[12]"'); do
    [ "$(vitrine exec plain cat /proc/$pid/attr/current)" = "vitrine-default (enforce)" ]
  done
  vitrine exec plain kill -0 1
  # Signals from outside, and among its own processes.
  vitrine stop -t 120 plain
  [ "$(vitrine inspect --format '{{.State.ExitCode}}' plain)" = 7 ]
  vitrine rm plain

  open='--network none --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt systempaths=unconfined'
  script='mount -t tmpfs none /mnt && echo mounted; echo h >/proc/sysrq-trigger && echo triggered; echo 7 >/proc/sys/net/ipv4/ip_default_ttl && echo own net; exec sleep 1000'
  vitrine run -d $open --name held busybox:latest sh -c "mkdir /mnt; $script"
  vitrine run -d $open --security-opt apparmor=unconfined --name free busybox:latest sh -c "mkdir /mnt; $script"
  until_true sh -c 'vitrine logs free | grep "own net"'
  vitrine logs free | grep mounted
  vitrine logs free | grep triggered
  [ "$(vitrine inspect --format '{{.AppArmorProfile}}' free)" = unconfined ]
  until_true sh -c 'vitrine logs held | grep "own net"'
  vitrine logs held 2>&1 | grep -i denied
  if vitrine logs held | grep -E "mounted|triggered"; then return 1; fi
  vitrine rm -f held free
}

check_glass_sets_and_gets_by_the_names_of_either_version() {
  vitrine-glass cgroup create -g memory,cpu,pids:/t/glass
  vitrine-glass cgroup set /t/glass memory.limit_in_bytes=64M memory.memsw.limit_in_bytes=96M memory.soft_limit_in_bytes=32M cpu.shares=512 cpu.cfs_quota_us=50% pids.max=33
  is glass/memory.max 67108864
  is glass/memory.swap.max 33554432
  is glass/memory.low 33554432
  is glass/cpu.weight "$(vitrine-glass cgroup get -v /t/glass cpu.weight)"
  is glass/cpu.max "50000 100000"
  is glass/pids.max 33
  [ "$(vitrine-glass cgroup get -v /t/glass memory.limit_in_bytes memory.memsw.limit_in_bytes cpu.cfs_quota_us cpu.cfs_period_us | tr '\n' ' ')" = "67108864 100663296 50000 100000 " ]
  vitrine-glass cgroup set /t/glass memory.max=max cpu.max=max cpu.cfs_period_us=50000
  is glass/memory.max max
  is glass/cpu.max "max 50000"
  vitrine-glass cgroup set /t/glass devices.deny=a 2>&1 | grep eBPF
  vitrine-glass cgroup create -g memory:/t/glass/deep
  [ "$(cat $cg/t/glass/cgroup.subtree_control)" = memory ]
  vitrine-glass cgroup get /t/glass/deep io.weight 2>&1 | grep "io is not enabled for /t/glass/deep"
  vitrine-glass cgroup rm -r /t/glass
  [ ! -e $cg/t/glass ]
}

check_glass_runs_freezes_and_moves() {
  vitrine-glass cgroup create /t/glass2
  [ "$(vitrine-glass cgroup exec /t/glass2 cat /proc/self/cgroup)" = 0::/t/glass2 ]
  sleep 1000 &
  vitrine-glass cgroup classify /t/glass2 $!
  grep -x 0::/t/glass2 /proc/$!/cgroup
  vitrine-glass cgroup set $! freezer.state=FROZEN
  is glass2/cgroup.freeze 1
  [ "$(vitrine-glass cgroup get -v /t/glass2 freezer.state)" = FROZEN ]
  if vitrine-glass cgroup exec /t/glass2 true; then return 1; fi
  vitrine-glass cgroup set /t/glass2 freezer.state=THAWED
  if vitrine-glass cgroup rm /t/glass2; then return 1; fi
  # /t passes controllers on, and may then have no processes of its own.
  vitrine-glass cgroup rm --force /t/glass2 2>&1 | grep "the rule of v2"
  vitrine-glass cgroup classify / $!
  kill $!
  vitrine-glass cgroup rm /t/glass2
}

check_glass_shows_the_apparmor_profile() {
  printf 'abi <kernel>,\nprofile shown flags=(attach_disconnected,mediate_deleted) {\n  file,\n  capability,\n  signal,\n}\n' >/tmp/shown.profile
  apparmor_parser --replace --skip-cache --subdomainfs /sys/kernel/security/apparmor /tmp/shown.profile
  bundle shown '{}' 'exec sleep 1000' '"apparmorProfile": "shown"'
  start shown
  vitrine-glass lsm show --json "$(cat /tmp/shown.pid)" | tr -d ' \n' >/tmp/shown.json
  for field in '"module":"apparmor"' '"label":"shown"' '"mode":"enforce"' '"confined":true' '"profileLoaded":true'; do grep -F "$field" /tmp/shown.json; done
  grep '"modules":\[.*"apparmor"' /tmp/shown.json
  vitrine-glass lsm show -q "$(cat /tmp/shown.pid)"
  if vitrine-glass lsm show -q $$; then return 1; fi
  # Removed below the process: it is held by nothing that could be looked up.
  apparmor_parser --remove --subdomainfs /sys/kernel/security/apparmor /tmp/shown.profile
  vitrine-glass lsm show "$(cat /tmp/shown.pid)" | tee /tmp/shown.txt
  grep -E "unconfined|not loaded" /tmp/shown.txt
  $rt delete -f shown
}
