#!/bin/sh
# Starts a sentinel (overlay sentinel). What it learns it writes into DIR/sentinel.conf; a restart goes on from there, with
# the passwords of now.
#
# Usage: sentinel.sh DIR HOST PORT   where it keeps its file, and how the others reach it
# REDIS_FIRST                        the primary of a new installation, "host port"
# SENTINEL_DOWN_AFTER                milliseconds without an answer after which a node is down; 5000
# REDIS_PASSWORDS                    see users.sh; of "sentinel" (a user of Redis), "sentinel-peer" and "sentinel-client"
set -eu
passwords=${REDIS_PASSWORDS:-/run/secrets/redis}
configuration=$1/sentinel.conf

password() { head -n 1 "$passwords/$1"; }
hash() { printf '#%s' "$(printf '%s' "$(password "$1")" | sha256sum | cut -c 1-64)"; }

umask 077
if [ ! -s "$configuration" ]; then
    cat > "$configuration" <<CONF
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel monitor mirai $REDIS_FIRST 2
sentinel down-after-milliseconds mirai ${SENTINEL_DOWN_AFTER:-5000}
sentinel failover-timeout mirai 60000
CONF
fi

# Clients may ask where Redis is. Who may change that is one of the other sentinels.
grep -v -E '^(port|dir|user|sentinel (announce-ip|announce-port|auth-user|auth-pass|sentinel-user|sentinel-pass)) ' \
    "$configuration" > "$configuration.new"
cat >> "$configuration.new" <<CONF
port $3
dir $1
sentinel announce-ip $2
sentinel announce-port $3
sentinel auth-user mirai sentinel
sentinel auth-pass mirai $(password sentinel)
sentinel sentinel-user sentinel-peer
sentinel sentinel-pass $(password sentinel-peer)
user default off
user health on nopass +ping
user sentinel-peer on $(hash sentinel-peer) &* +@all
user sentinel-client on $(hash sentinel-client) &* +@connection +info +role +subscribe +psubscribe +sentinel|get-master-addr-by-name +sentinel|sentinels +sentinel|replicas +sentinel|slaves +sentinel|masters
CONF
mv "$configuration.new" "$configuration"
exec redis-server "$configuration" --sentinel
