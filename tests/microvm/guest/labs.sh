# vitrine lab where cgroup v2 and AppArmor are real: every lesson, unattended, and nothing left of it.

# lesson NUMBER
lesson() {
  vitrine lab run "$1" --yes >/tmp/lesson.out 2>&1 || { cat /tmp/lesson.out; return 1; }
  cat /tmp/lesson.out
  # What asks for the other version is left out with the reason, what asks for this one is not.
  if grep "left out: this host has no \(cgroup v2\|AppArmor\|cgroup controller\)" /tmp/lesson.out; then return 1; fi
  [ ! -e /run/vitrine-lab ]
  [ -z "$(ls -d $cg/vitrine-lab-* 2>/dev/null)" ]
}

check_lesson_1_processes() { lesson 1; }
check_lesson_2_namespaces() { lesson 2; }
check_lesson_3_cgroups() { lesson 3; }
check_lesson_4_chroot() { lesson 4; }
check_lesson_5_breaking() { lesson 5; }
check_lab_that_was_killed_is_cleared_by_the_next() {
  printf '# T\nt\n## S\ns\n```sh\nvitrine pause $(vitrine run -d $IMAGE sleep 4444)\nmkdir $(cg pids)/below\necho holding\nsleep 5555\n```\n```check\nw: true\n```\n' >/tmp/hold.md
  printf '# T\nt\n## S\ns\n```sh\ntrue\n```\n```check\nw: true\n```\n' >/tmp/next.md
  vitrine lab run /tmp/hold.md --yes >/tmp/hold.out 2>&1 &
  until_true grep '| holding\|│ holding' /tmp/hold.out
  kill -9 $!
  vitrine lab run /tmp/next.md --yes
  [ -z "$(ls -d $cg/vitrine-lab-* 2>/dev/null)" ]
  if pgrep -f 'sleep 4444|sleep 5555'; then return 1; fi
}
