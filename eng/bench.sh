#!/usr/bin/env bash
# Measures the figures of the README as ratios within one run, and writes them to bench/results/.
# bash eng/bench.sh [--install] [--runs 5] [--seconds 4] [--only FIGURE]
#   FIGURE: a part of a name: claims, refusals, sale, many, postgres, latency, payments, expiry, million, redis, rebuild,
#   shared, push, naive, rabbitmq, "two nodes", click, watchers (10,000), or crowd (20,000, or as many
#   as this machine lets a process have open)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source eng/packages.sh

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
[[ -e /usr/lib/rabbitmq/bin/rabbitmq-server ]] || missing+=(rabbitmq-server)
command -v epmd >/dev/null || missing+=(erlang-base)
command -v chromium >/dev/null || missing+=(chromium)
if ((${#missing[@]})); then
  if ! $install; then
    echo "bench: missing ${missing[*]}. Get them with: apt-get install ${missing[*]}" \
      "(or: bash eng/bench.sh --install)" >&2
    exit 1
  fi
  install_packages "${missing[@]}"
fi

# The crowd's connections are files of the server and of the client; where this may not be raised, fewer are measured.
ulimit -n 65536 2>/dev/null || true

dotnet build -c Release -v quiet bench/Doorbuster.Benchmarks >&2
exec dotnet bench/Doorbuster.Benchmarks/bin/Release/net10.0/Doorbuster.Benchmarks.dll "$@"
