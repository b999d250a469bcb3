#!/usr/bin/env bash
# Sells the same goods to the same crowd in every way there is, Doorbuster's and the tutorials', one after another in one
# run of less than 15 minutes, with kills. Prints a table, and writes docs/comparison.md, its picture in docs/images, and
# the table of the README.
#
#   bash eng/compare.sh [--install] [--short] [--only NAME] [--out FOLDER]
#
# --install first gets what is missing from Debian's packages; --short tries the harness in a few seconds a contender;
# --only runs those whose name contains this. With either of the last two the pages go to artifacts/comparison, unless
# --out names another folder. Exit 1 where Doorbuster was not exact, or not as much faster as is asked; 2 on wrong usage.
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
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[[ -e /usr/lib/rabbitmq/bin/rabbitmq-server ]] || missing+=(rabbitmq-server)
command -v epmd >/dev/null || missing+=(erlang-base)
if ((${#missing[@]})); then
  if ! $install; then
    echo "compare: missing ${missing[*]}. Get them with: apt-get install ${missing[*]}" \
      "(or: bash eng/compare.sh --install)" >&2
    exit 1
  fi
  install_packages "${missing[@]}"
fi

dotnet build -c Release -v quiet bench/Comparison >&2
exec dotnet bench/Comparison/bin/Release/net10.0/Doorbuster.Comparison.dll "$@"
