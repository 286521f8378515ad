#!/bin/sh
# Starts redis-server with the users of users.acl.
#
# Usage: start.sh FILE [SETTING...]   a configuration, beside this script or by its full path, and settings that win over it
# REDIS_PASSWORDS                     see users.sh
# REDIS_RUN                           a folder that can be written, for the ACL file
set -eu
here=$(dirname "$0")
run=${REDIS_RUN:-/run/redis}
case $1 in
    /*) configuration=$1 ;;
    *) configuration=$here/$1 ;;
esac
shift

umask 077
sh "$here/users.sh" > "$run/users.acl"
exec redis-server "$configuration" --aclfile "$run/users.acl" "$@"
