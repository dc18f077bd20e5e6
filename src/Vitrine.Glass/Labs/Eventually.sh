#!/bin/sh
# eventually COMMAND [ARG...]: tries it until it succeeds, for half a minute at the most. What other processes do takes its time.
end=$(($(date +%s) + 30))
until "$@"; do
  if [ "$(date +%s)" -ge $end ]; then
    echo "not within 30 seconds: $*" >&2
    exit 1
  fi
  sleep 0.05
done
