#!/bin/sh
# Prints the ACL file for redis-server: the users of users.acl with their passwords. Run it again, and ACL LOAD, after a
# change of passwords.
#
# REDIS_PASSWORDS   a folder with one file per user, named like him; each line of it is a password that is accepted
set -eu
here=$(dirname "$0")
passwords=${REDIS_PASSWORDS:-/run/secrets/redis}

# Hashes, so that no password is in the file, in ACL LIST or in a process list.
hashes() {
    while IFS= read -r password || [ -n "$password" ]; do
        [ -z "$password" ] || printf '#%s ' "$(printf '%s' "$password" | sha256sum | cut -c 1-64)"
    done < "$1"
}

# Without -r, read joins the lines that end with a backslash.
# shellcheck disable=SC2162
while read line; do
    case $line in
        '' | '#'*) ;;
        *'{passwords}'*)
            name=${line#user }
            name=${name%% *}
            if [ -f "$passwords/$name" ]; then
                accepted=$(hashes "$passwords/$name")
                if [ -z "$accepted" ]; then
                    echo "users.sh: the password file of '$name' is empty." >&2
                    exit 1
                fi
                printf '%s\n' "${line%%'{passwords}'*}$accepted${line#*'{passwords}'}"
            fi
            ;;
        *) printf '%s\n' "$line" ;;
    esac
done < "$here/users.acl"
