#!/bin/sh
# Makes the buckets $BUCKETS at $ENDPOINT, with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. What is there stays.
# The store may still be starting: each is tried for ten minutes, every ${PAUSE:-5} seconds.
set -eu
cd "${TMPDIR:-/tmp}"

# Not an argument: those can be read by whoever lists processes.
printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" >keys

make_bucket() {
  curl --config keys --aws-sigv4 aws:amz:us-east-1:s3 --request PUT --silent --show-error --max-time 10 \
    --output answer --write-out '%{http_code}' "$ENDPOINT/$1" || true
}

for bucket in $BUCKETS; do
  tries=120
  while :; do
    status=$(make_bucket "$bucket")
    case $status in
      200) echo "$bucket: made"; break ;;
      409) echo "$bucket: there"; break ;;
      400 | 401 | 403)
        echo "$bucket: $ENDPOINT refuses ($status). Are the keys of the Secret s3 those that it was started with?" >&2
        cat answer >&2
        exit 1
        ;;
    esac
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      echo "$bucket: no answer from $ENDPOINT ($status). Is there a ready pod with the label clew.dev/s3: server?" >&2
      exit 1
    fi
    sleep "${PAUSE:-5}"
  done
done
