#!/usr/bin/env bash
# Builds the pages that the server serves: web/ into web/dist, which is committed, so that only who changes a page needs
# Node (18 or later).
#
#   bash eng/web.sh            installs what the lock file names, and builds into web/dist
#   bash eng/web.sh --install  only installs, into web/node_modules
#   bash eng/web.sh --check    tests, builds in a folder of its own, and compares with what is committed; installs
#                              nothing. The last line counts: "N passed, N failed"; the comparison is one of the tests

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../web"

# What the lock file said when it was installed.
readonly installed=node_modules/.installed-lock.json

main() {
  case "$*" in
    "") install && npm run --silent build ;;
    --install) install ;;
    --check) check ;;
    *) echo "usage: bash eng/web.sh [--install | --check]" >&2; exit 2 ;;
  esac
}

is_installed() {
  cmp -s package-lock.json "$installed"
}

# The lock file alone says what is installed; nothing that is installed runs a script of its own.
install() {
  is_installed && return
  npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
  cp package-lock.json "$installed"
}

check() {
  local folder passed failed
  if ! is_installed; then
    echo "missing: web/node_modules as web/package-lock.json has it: bash eng/web.sh --install"
    echo "0 passed, 1 failed"
    exit 1
  fi

  folder=$(mktemp -d)
  # The folder's name is known now, and not when the script ends.
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  npm run --silent build -- --outDir "$folder/dist" --emptyOutDir

  # Its report has one number a line that matters here.
  npx vitest run --reporter=default --reporter=json --outputFile="$folder/report.json" || true
  passed=$(count "$folder" numPassedTests)
  failed=$(($(count "$folder" numTotalTests) - passed + $(count "$folder" numFailedTestSuites)))

  if diff -r "$folder/dist" dist; then
    passed=$((passed + 1))
  else
    echo "web/dist is not what web/ builds: run bash eng/web.sh, and commit what it makes."
    failed=$((failed + 1))
  fi
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

count() {
  node -p "require('$1/report.json').$2"
}

main "$@"
