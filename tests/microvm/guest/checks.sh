#!/bin/sh
# Runs each function check_NAME of a suite in a shell of its own, and reports in lines that the test on the host reads.
suite=$1
# shellcheck source=/dev/null
for name in $(sed -n 's/^check_\([a-z0-9_]*\)().*/\1/p' "/checks/$suite.sh"); do
  # Not in a condition: there a failing command would not end the check.
  (
    set -ex
    . /checks/lib.sh
    . "/checks/$suite.sh"
    "check_$name"
  ) >/tmp/check.log 2>&1 </dev/null
  status=$?
  if [ $status = 0 ]; then
    echo "TAP: ok $name"
  else
    echo "TAP: not ok $name"
    tail -n 40 /tmp/check.log | sed 's/^/TAP: # /'
  fi
done
echo "TAP: done"
