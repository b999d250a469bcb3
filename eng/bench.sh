#!/usr/bin/env bash
# Measures the figures of the README as ratios within one run, and writes them to bench/results/.
# bash eng/bench.sh [--install] [--runs 5] [--seconds 4] [--only FIGURE]
#   FIGURE: a part of a name: claims, refusals, sale, many, postgres, latency, payments, expiry, million, redis, rebuild,
#   shared, push, naive, rabbitmq, "two nodes", click (needs chromium) or watchers
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

install=false
if [[ "${1:-}" == --install ]]; then
  install=true
  shift
fi

missing=()
command -v wrk >/dev/null || missing+=(wrk)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v redis-benchmark >/dev/null || missing+=(redis-tools)
compgen -G '/usr/lib/postgresql/*/bin/pgbench' >/dev/null || missing+=(postgresql)
if ((${#missing[@]})); then
  if ! $install; then
    echo "bench: missing ${missing[*]}. Get them with: apt-get install ${missing[*]} (or: bash eng/bench.sh --install)" >&2
    exit 1
  fi
  apt-get update >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y "${missing[@]}" >&2
fi

dotnet build -c Release -v quiet bench/Doorbuster.Benchmarks >&2
exec dotnet bench/Doorbuster.Benchmarks/bin/Release/net10.0/Doorbuster.Benchmarks.dll "$@"
