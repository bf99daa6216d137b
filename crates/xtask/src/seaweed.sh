# Starts a throw-away S3 server (SeaweedFS), prints `ready PORT`, and stops and removes it when its standard input ends.
#
# It ends as postgres.sh does: the kernel closes standard input however the xtask ends.
#
# Arguments: the program; eight ports, of which the first is the one that speaks S3.
set -u
weed=$1
s3=$2
shift 2

home=$(mktemp -d "${TMPDIR:-/tmp}/samspil-s3.XXXXXX") || exit 1
# What it puts aside goes with the rest.
export TMPDIR="$home"
server=

clean_up() {
    if [ -n "$server" ]; then
        # Nothing that it holds is of use to anybody: it need not end in order.
        kill -KILL "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    fi
    # What was killed may have made a file while it was looked through.
    for _ in 1 2 3 4 5; do rm -rf "$home" 2>/dev/null && break; sleep 0.1; done
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM PIPE

fail() {
    echo "xtask: $1" >&2
    tail -n 20 "$home/log" >&2
    exit 1
}

mkdir "$home/data" || exit 1
cat >"$home/s3.json" <<'CONFIGURATION' || exit 1
{"identities": [{
    "name": "samspil",
    "credentials": [{"accessKey": "samspil", "secretKey": "throw-away"}],
    "actions": ["Admin", "Read", "Write", "List", "Tagging"]
}]}
CONFIGURATION

# Never on a folder that it has served from before: it does not come back there.
cd "$home" || exit 1
"$weed" server -dir="$home/data" -ip=127.0.0.1 -ip.bind=127.0.0.1 \
    -master.port="$1" -master.port.grpc="$2" -master.volumeSizeLimitMB=512 \
    -volume.port="$3" -volume.port.grpc="$4" -volume.max=20 \
    -filer -filer.port="$5" -filer.port.grpc="$6" -filer.localSocket="$home/filer.sock" \
    -s3 -s3.port="$s3" -s3.port.grpc="$7" -s3.localSocket="$home/s3.sock" -s3.config="$home/s3.json" \
    -s3.port.iceberg=0 -s3.port.lance=0 -s3.iam=false -s3.autoCreateBucket=true \
    >"$home/log" 2>&1 </dev/null &
server=$!

# A bucket can be made as soon as everything behind it is up.
tries=0
until echo "s3.bucket.create -name samspil" | "$weed" shell -master="127.0.0.1:$1.$2" -filer="127.0.0.1:$5.$6" 2>&1 |
    tee -a "$home/log" | grep -q 'create bucket'; do
    tries=$((tries + 1))
    kill -0 "$server" 2>/dev/null || fail 'the S3 server ended'
    [ "$tries" -lt 60 ] || fail 'the S3 server did not start'
    sleep 0.5
done
echo "ready $s3"
while read -r _; do :; done
