#!/bin/sh
# Starts the redis-server of one of several nodes (overlay sentinel): as the primary, or as a replica of the one that most
# sentinels name. Nobody's last role is kept in a file: a node that was away finds out at every start.
#
# Usage: node.sh SETTING...   settings that win over redis.conf
# REDIS_SELF                  how the others reach this node, "host port"
# REDIS_SENTINELS             all sentinels, "host:port host:port host:port"
# REDIS_PASSWORDS, REDIS_RUN  see start.sh; of the users "replica" (Redis) and "sentinel-client" (of the sentinels)
set -eu
here=$(dirname "$0")
passwords=${REDIS_PASSWORDS:-/run/secrets/redis}
run=${REDIS_RUN:-/run/redis}

# Waits until two of them agree. One alone may have slept through a failover.
primary() {
    for sentinel in $REDIS_SENTINELS; do
        REDISCLI_AUTH=$(head -n 1 "$passwords/sentinel-client") timeout 2 redis-cli -h "${sentinel%:*}" -p "${sentinel##*:}" \
            --user sentinel-client sentinel get-master-addr-by-name mirai 2> /dev/null | paste -s -d ' ' - || true
    done | grep . | sort | uniq -c | awk '$1 >= 2 { print $2, $3 }'
}

named=$(primary)
while [ -z "$named" ]; do
    sleep 1
    named=$(primary)
done

# A copy, because sentinels let Redis write its configuration down, and because no password may be in a process list. A
# primary that no replica follows takes no writes: it may be cut off.
umask 077
cat "$here/redis.conf" - > "$run/node.conf" <<CONF
replica-announce-ip ${REDIS_SELF% *}
replica-announce-port ${REDIS_SELF#* }
masteruser replica
masterauth $(head -n 1 "$passwords/replica")
min-replicas-to-write 1
min-replicas-max-lag 10
CONF
[ "$named" = "$REDIS_SELF" ] || echo "replicaof $named" >> "$run/node.conf"
exec sh "$here/start.sh" "$run/node.conf" "$@"
