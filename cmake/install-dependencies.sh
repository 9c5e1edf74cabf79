#!/usr/bin/env bash
# Installs what building and testing Riacho needs and this machine lacks. Silent, and done at once, if nothing is missing.
#
# usage: cmake/install-dependencies.sh [--ci | --clients]
#
#   --ci       also what .ci/run needs (clang, ccache, ...)
#   --clients  also the clients that `make test-clients` runs against riacho-endpoint; Node.js 18, as in Debian 12, or later
#
# Debian and its relatives: apt-get, through sudo if need be. Elsewhere: says what to install.
set -euo pipefail

libraries=(libabsl-dev libxxhash-dev libconcurrentqueue-dev libgtest-dev libgmock-dev nlohmann-json3-dev
  libbenchmark-dev libssl-dev zlib1g-dev libnghttp2-dev libboost-dev)
tools=(cmake:cmake ninja:ninja-build) # command:package
if [[ ${1:-} == --ci ]]; then
  libraries+=(libclang-rt-14-dev)
  tools+=(clang++-14:clang-14 clang-tidy-14:clang-tidy-14 clang-format-14:clang-format-14 ccache:ccache git:git
    pkg-config:pkg-config dpkg-source:dpkg-dev g++:g++)
elif [[ ${1:-} == --clients ]]; then
  libraries+=(awscli python3-boto3)
  tools+=(node:nodejs npm:npm)
fi

missing=()
for tool in "${tools[@]}"; do
  command -v "${tool%%:*}" >/dev/null || missing+=("${tool##*:}")
done
command -v c++ >/dev/null || command -v g++ >/dev/null || command -v clang++ >/dev/null || missing+=(g++)

if ! command -v apt-get >/dev/null; then
  # The libraries are CMake's to look for: only it knows where this system keeps them.
  if ((${#missing[@]})); then
    {
      echo "Riacho needs tools that are missing here: ${missing[*]} (Debian's names)."
      echo "Please install: a C++20 compiler (g++ 12 or clang 14 and later), CMake 3.25 or later, Ninja, Abseil, xxHash,"
      echo "moodycamel ConcurrentQueue, OpenSSL, GoogleTest with GoogleMock, JSON for Modern C++, Google Benchmark, zlib, nghttp2, Boost. Libraries"
      echo "that your system does not offer are downloaded if you configure with -DRIACHO_FETCH_DEPS=ON."
    } >&2
    exit 1
  fi
  exit 0
fi

installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "${libraries[@]}" 2>/dev/null || true)"
for library in "${libraries[@]}"; do
  [[ $installed == *" installed:$library "* ]] || missing+=("$library")
done
((${#missing[@]})) || exit 0

as_root=(env DEBIAN_FRONTEND=noninteractive)
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "Riacho needs packages that are missing here. As root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
fi

echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get -qq update || echo "apt-get update failed; trying with the package lists at hand" >&2
"${as_root[@]}" apt-get -qq install --yes --no-install-recommends "${missing[@]}" </dev/null
