#!/bin/sh
# Starts workerd so that it lives exactly as long as the server that asked for it.
#
# - Ctrl-C reaches the whole process group. workerd ignores it, so that the server can stop it in its own time
#   and does not take its end for a crash.
# - A server that is killed outright cannot stop anybody. A watcher does it within a second; its process id is also
#   written down, for a next start that does not want to wait.

trap '' INT HUP
echo $$ >"$LEAT_RUNTIME_PID_FILE"

server=$PPID
(
  while kill -0 "$server" 2>/dev/null && kill -0 $$ 2>/dev/null; do sleep 1; done
  kill -9 $$ 2>/dev/null
) </dev/null >/dev/null 2>&1 3>&- &

exec "$LEAT_WORKERD" "$@"
