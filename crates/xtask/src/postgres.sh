# Starts a throw-away PostgreSQL, prints `ready PORT`, and stops and removes it when its standard input ends.
#
# Standard input is a pipe whose other end the xtask holds. However the xtask ends (well, by Ctrl-C, by SIGKILL) the kernel
# closes it, so nothing is left behind. This script runs in a process group of its own, where the terminal's Ctrl-C does not
# reach it.
#
# Arguments: the folder of the server's binaries; the user to run it as, empty for the present one; ports to try in turn.
set -u
bin=$1
user=$2
shift 2
cd /
export LC_ALL=C

as_user() {
    if [ -z "$user" ]; then
        "$@"
    elif command -v runuser >/dev/null 2>&1; then
        runuser -u "$user" -- "$@"
    else
        setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"
    fi
}

# The server's user may not be able to reach a temporary folder inside root's home.
temporary=${TMPDIR:-/tmp}
as_user test -x "$temporary" || temporary=/tmp
home=$(mktemp -d "$temporary/samspil-postgres.XXXXXX") || exit 1
data=$home/data

clean_up() {
    if [ -f "$data/postmaster.pid" ]; then
        as_user "$bin/pg_ctl" --pgdata="$data" --mode=immediate --wait stop >/dev/null 2>&1
    fi
    rm -rf "$home"
}
trap clean_up EXIT
# PIPE: an xtask that ends before the server is ready does not read `ready`.
trap 'exit 1' HUP INT TERM PIPE

fail() {
    echo "xtask: $1" >&2
    tail -n 20 "$home/log" >&2
    exit 1
}

if [ -n "$user" ]; then chown "$user" "$home" || exit 1; fi
as_user touch "$home/log" || exit 1

# Danish collation by ICU: a statement that orders text without COLLATE "C" then fails its test here and not in production.
# A server built without ICU gets the plain one.
initialise() {
    as_user "$bin/initdb" --pgdata="$data" --username=postgres --auth=trust --encoding=UTF8 --no-locale --no-sync "$@" \
        >>"$home/log" 2>&1 </dev/null
}
initialise --locale-provider=icu --icu-locale=da-DK || { rm -rf "$data"; initialise; } || fail 'initdb failed'

# Durability is off: what is written here is never read again.
as_user tee -a "$data/postgresql.conf" >/dev/null <<'CONFIGURATION' || exit 1
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 500
shared_buffers = '64MB'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
jit = off
CONFIGURATION

for port in "$@"; do
    if as_user "$bin/pg_ctl" --pgdata="$data" --log="$home/log" --options="-p $port" --timeout=60 --wait start \
        >/dev/null 2>&1 </dev/null; then
        echo "ready $port"
        # Until the xtask is gone.
        while read -r _; do :; done
        exit 0
    fi
done
fail 'PostgreSQL did not start'
