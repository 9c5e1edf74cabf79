#!/usr/bin/env bash
# The AWS CLI against riacho-endpoint: what a person types, and what a script relies on.
#
# usage: aws_cli_test.sh RIACHO_ENDPOINT
set -euo pipefail
program=$1

export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
export AWS_PAGER='' AWS_MAX_ATTEMPTS=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_CA_BUNDLE

files=$(mktemp -d)
endpoints=()
finish() {
  for pid in "${endpoints[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$files"
}
trap finish EXIT

checks=0
fail() {
  echo "FAILED after $checks checks, line ${BASH_LINENO[1]}: $*" >&2
  exit 1
}
expect() { # ACTUAL WANTED
  [[ $1 == "$2" ]] || fail "got '$1', wanted '$2'"
  checks=$((checks + 1))
}
expect_match() { # ACTUAL PATTERN
  # shellcheck disable=SC2053 # A pattern is what it is.
  [[ $1 == $2 ]] || fail "got '$1', wanted the like of '$2'"
  checks=$((checks + 1))
}

expect_status() { # STATUS COMMAND...
  local wanted=$1 status=0
  shift
  "$@" >/dev/null 2>&1 || status=$?
  expect "$status" "$wanted"
}

# Starts an endpoint with these options; sets `url` and `pid`.
start() {
  exec 3< <(exec "$program" --port 0 "$@")
  pid=$!
  endpoints+=("$pid")
  read -r -t 20 url <&3 || fail "riacho-endpoint $* printed no URL"
}

kinesis() { timeout 60 aws --endpoint-url "$url" --output text kinesis "$@"; }

# Expects a service's error: exit status 254, and its name.
expect_error() { # ERROR OPERATION...
  local wanted=$1 status=0 message
  shift
  message=$(kinesis "$@" 2>&1) || status=$?
  expect "$status" 254
  expect_match "$message" "*An error occurred ($wanted) when calling the*"
}

read_all() { # STREAM SHARD
  local iterator
  iterator=$(kinesis get-shard-iterator --stream-name "$1" --shard-id "$2" --shard-iterator-type TRIM_HORIZON)
  kinesis get-records --shard-iterator "$iterator" --query 'Records[].Data'
}

start --stream ready:1

# --- What the guide says

(
  kinesis create-stream --stream-name orders --shard-count 2
  # [START cli]
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
  aws --endpoint-url "$url" kinesis put-record --stream-name orders --partition-key order-17 --data cGFpZA==
  aws --endpoint-url "$url" kinesis describe-stream-summary --stream-name orders
  # [END cli]
  kinesis delete-stream --stream-name orders
) >"$files/said"
expect_match "$(cat "$files/said")" '*"ShardId": "shardId-*"StreamName": "orders"*'

# A suite passes or fails, and so does its job; nothing of it stays.
mkdir "$files/bin" "$files/job"
ln -s "$(realpath "$program")" "$files/bin/riacho-endpoint"
printf '#!/bin/sh\naws --endpoint-url "$KINESIS_URL" kinesis describe-stream-summary --stream-name "$SUITE" >/dev/null 2>&1\n' \
  >"$files/bin/pytest"
chmod +x "$files/bin/pytest"
job=$(realpath "$(dirname "$0")/in_ci.sh")
for shell in sh bash; do
  for suite in orders:0 missing:254; do
    rm -f "$files/job/url.txt"
    expect_status "${suite#*:}" env -C "$files/job" PATH="$files/bin:$PATH" SUITE="${suite%:*}" $shell "$job"
    port=$(sed 's/.*://' "$files/job/url.txt")
    # shellcheck disable=SC2016 # The other shell's.
    expect_status 0 timeout 20 bash -c 'while : <>"/dev/tcp/127.0.0.1/$0"; do sleep 0.05; done' "$port"
  done
done

# --- Streams

expect "$(kinesis list-streams --query StreamNames)" ready
kinesis create-stream --stream-name orders --shard-count 2
kinesis wait stream-exists --stream-name orders
expect "$(kinesis describe-stream-summary --stream-name orders \
  --query 'StreamDescriptionSummary.[StreamName,StreamARN,StreamStatus,OpenShardCount]')" \
  $'orders\tarn:aws:kinesis:us-east-1:123456789012:stream/orders\tACTIVE\t2'
expect_status 255 kinesis wait stream-exists --stream-name nowhere
kinesis create-stream --stream-name clicks --stream-mode-details StreamMode=ON_DEMAND
expect "$(kinesis describe-stream-summary --stream-name clicks \
  --query 'StreamDescriptionSummary.StreamModeDetails.StreamMode')" ON_DEMAND

# --- Records

shards=$(kinesis put-record --stream-name orders --partition-key a --data 'paid by card' \
  --cli-binary-format raw-in-base64-out --explicit-hash-key 0 --query ShardId)
expect "$shards" shardId-000000000000
printf '\x00\xff\x80binary\n' >"$files/binary"
kinesis put-record --stream-name orders --partition-key b --data "fileb://$files/binary" --explicit-hash-key 0 >/dev/null
expect "$(kinesis put-records --stream-name orders --records \
  "Data=$(printf one | base64),PartitionKey=c,ExplicitHashKey=0" \
  "Data=$(printf two | base64),PartitionKey=d,ExplicitHashKey=0" --query FailedRecordCount)" 0
expect "$(read_all orders shardId-000000000000)" \
  "$(printf '%s\t%s\t%s\t%s' "$(printf 'paid by card' | base64)" "$(base64 <"$files/binary")" \
    "$(printf one | base64)" "$(printf two | base64)")"
expect "$(read_all orders shardId-000000000001)" ''

# --- Shards

kinesis split-shard --stream-name orders --shard-to-split shardId-000000000000 \
  --new-starting-hash-key 85070591730234615865843651857942052864
kinesis wait stream-exists --stream-name orders
expect "$(kinesis list-shards --stream-name orders --query 'length(Shards)')" 4
kinesis merge-shards --stream-name orders --shard-to-merge shardId-000000000002 \
  --adjacent-shard-to-merge shardId-000000000003
expect "$(kinesis list-shards --stream-name orders --shard-filter Type=AT_LATEST --query 'Shards[].ShardId')" \
  $'shardId-000000000001\tshardId-000000000004'
kinesis update-shard-count --stream-name orders --target-shard-count 4 --scaling-type UNIFORM_SCALING >/dev/null
expect "$(kinesis describe-stream-summary --stream-name orders --query StreamDescriptionSummary.OpenShardCount)" 4

# --- Consumers

arn=arn:aws:kinesis:us-east-1:123456789012:stream/orders
consumer=$(kinesis register-stream-consumer --stream-arn $arn --consumer-name billing --query Consumer.ConsumerARN)
expect_match "$consumer" "$arn/consumer/billing:*"
expect "$(kinesis describe-stream-consumer --consumer-arn "$consumer" \
  --query 'ConsumerDescription.[ConsumerName,ConsumerStatus]')" $'billing\tACTIVE'
kinesis deregister-stream-consumer --consumer-arn "$consumer"
expect "$(kinesis list-stream-consumers --stream-arn $arn --query 'length(Consumers)')" 0

# --- Settings

kinesis add-tags-to-stream --stream-name orders --tags team=billing,stage=test
expect "$(kinesis list-tags-for-stream --stream-name orders --query 'Tags[].[Key,Value]')" \
  $'stage\ttest\nteam\tbilling'
kinesis increase-stream-retention-period --stream-name orders --retention-period-hours 48
expect "$(kinesis describe-stream --stream-name orders --query StreamDescription.RetentionPeriodHours)" 48
kinesis start-stream-encryption --stream-name orders --encryption-type KMS --key-id alias/aws/kinesis
expect "$(kinesis describe-stream-summary --stream-name orders --query StreamDescriptionSummary.EncryptionType)" KMS

# --- Paginators

expect "$(kinesis list-streams --page-size 1 --query 'StreamNames' | tr '\n\t' '  ' | xargs)" 'clicks orders ready'
first_two=$(timeout 60 aws --endpoint-url "$url" kinesis list-streams --page-size 1 --max-items 2 | tr -d ' \n')
expect_match "$first_two" '*"StreamNames":\["clicks","orders"\],*"NextToken":*'
token=${first_two##*'"NextToken":"'}
expect "$(kinesis list-streams --page-size 1 --starting-token "${token%%'"'*}" --query StreamNames)" ready
expect "$(timeout 60 aws --endpoint-url "$url" kinesis list-shards --stream-name orders --page-size 2 \
  --query 'length(Shards)')" "$(kinesis list-shards --stream-name orders --query 'length(Shards)')"
expect "$(timeout 60 aws --endpoint-url "$url" kinesis describe-stream --stream-name orders --page-size 2 \
  --query 'length(StreamDescription.Shards)')" "$(kinesis list-shards --stream-name orders --query 'length(Shards)')"

# --- Errors

expect_error ResourceNotFoundException describe-stream --stream-name nowhere
expect_error ResourceInUseException create-stream --stream-name orders --shard-count 1
expect_error InvalidArgumentException get-records --shard-iterator nonsense
expect_error ValidationException list-shards --stream-name 'or ders'
expect_error ValidationException update-shard-count --stream-name clicks --target-shard-count 2 --scaling-type UNIFORM_SCALING
expect_status 252 kinesis put-record --stream-name orders # the CLI itself misses options

# --- Deletion, and the end

kinesis delete-stream --stream-name orders
kinesis wait stream-not-exists --stream-name orders
expect_error ResourceNotFoundException describe-stream-summary --stream-name orders
kill -TERM "$pid"
expect_status 0 wait "$pid"

# --- Changes that take as long as on the service; a waiter asks every ten seconds

start --lifecycle service
kinesis create-stream --stream-name slow --shard-count 1
status_of_slow() { kinesis describe-stream-summary --stream-name slow --query StreamDescriptionSummary.StreamStatus; }
expect "$(status_of_slow)" CREATING
kinesis wait stream-exists --stream-name slow
expect "$(status_of_slow)" ACTIVE
kinesis delete-stream --stream-name slow
expect "$(status_of_slow)" DELETING
kinesis wait stream-not-exists --stream-name slow
expect "$(kinesis list-streams --query 'length(StreamNames)')" 0

# --- TLS with its own certificate, and signatures that are verified

start --tls-certificate-out "$files/ca.pem" --credentials test:secret --stream sealed:1 --log 2>"$files/log"
expect_match "$url" 'https://*'
export AWS_CA_BUNDLE=$files/ca.pem
expect "$(kinesis list-streams --query StreamNames)" sealed
AWS_SECRET_ACCESS_KEY=wrong expect_error InvalidSignatureException list-streams
AWS_ACCESS_KEY_ID=stranger expect_error UnrecognizedClientException list-streams
expect_match "$(cat "$files/log")" '*ListStreams 200*'

echo "$checks checks passed"
