#!/usr/bin/env bash
# riacho-endpoint as whoever starts it sees it: what it prints where, and how it ends.
#
# usage: endpoint_program_test.sh RIACHO_ENDPOINT
set -euo pipefail
program=$1
files=$(mktemp -d)
pid=
trap '[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null || true; rm -rf "$files"' EXIT

expect() { # ACTUAL PATTERN
  # shellcheck disable=SC2053 # A pattern is what it is.
  [[ $1 == $2 ]] && return
  echo "FAILED, line ${BASH_LINENO[0]}: got '$1', wanted the like of '$2'" >&2
  exit 1
}

# Runs the program, which is to end by itself; sets `status`, `out` and `err`.
run() {
  status=0
  out=$(timeout 20 "$program" "$@" 2>"$files/err") || status=$?
  err=$(<"$files/err")
}

# Starts the program; sets `pid` and `url`.
start() {
  exec 3< <(exec "$program" --port 0 "$@" 2>"$files/err")
  pid=$!
  read -r -t 20 url <&3
}

# Ends it with this signal; nothing more is on its standard output, and it has succeeded.
end() {
  status=0
  kill -"$1" "$pid"
  wait "$pid" || status=$?
  expect "$status" 0
  expect "$(cat <&3)" ''
  pid=
}

# The whole answer to GET.
get() { # PATH
  local host=${url#http://}
  exec 4<>"/dev/tcp/${host%:*}/${host#*:}"
  printf 'GET %s HTTP/1.1\r\nhost: %s\r\nconnection: close\r\n\r\n' "$1" "$host" >&4
  timeout 20 cat <&4
  exec 4>&-
}

run --help
expect "$status $err" '0 '
expect "$out" '*Usage: riacho-endpoint*'
run --version
expect "$status $out" '0 riacho-endpoint [0-9]*'

# What is wrong is said on standard error, and what to do.
run --port=http
expect "$status $out" '2 '
expect "$err" "riacho-endpoint: --port is 'http'. Give a number from 0 to 65535*"
run --port=0 --stream='or ders:1'
expect "$status $out" '2 '
expect "$err" "*--stream is 'or ders', which cannot be created: *[[]a-zA-Z0-9_.-[]]+"
run --port=0 --tls-certificate="$files/none" --tls-key="$files/none"
expect "$status $out" '2 '
expect "$err" "*--tls-certificate is '$files/none', which cannot be read or is empty.*"
run --port=0 --tls-certificate-out="$files/none/ca.pem"
expect "$status $out" '2 '
expect "$err" "*--tls-certificate-out is '$files/none/ca.pem', which cannot be written: No such file or directory.*"

start --stream=orders:2 --log
expect "$url" 'http://127.0.0.1:[1-9]*'
expect "$(get /_riacho/health)" 'HTTP/1.1 200 *'
expect "$(get /_riacho/metrics)" 'HTTP/1.1 200 *text/plain*'
expect "$(<"$files/err")" 'GET /_riacho/health 200 *ms*GET /_riacho/metrics 200 *'
run --port="${url##*:}"
expect "$status $out" '1 '
expect "$err" '*Address already in use*'
end TERM

start --tls-certificate-out="$files/ca.pem"
expect "$url" 'https://127.0.0.1:[1-9]*'
expect "$(<"$files/ca.pem")" '-----BEGIN CERTIFICATE-----*'
end INT
