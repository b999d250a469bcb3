#!/usr/bin/env bash
# Builds the pages that the server serves: web/ into web/dist, which is committed, so that only who changes a page needs
# Node (18 or later).
#
#   bash eng/web.sh            installs what the lock file names, and builds into web/dist
#   bash eng/web.sh --check    tests, builds in a folder of its own, and compares with what is committed.
#                              The last line counts: "N passed, N failed"; the comparison is one of the tests

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

main() {
  case "$*" in
    "") install web && build web ;;
    --check) check ;;
    *) echo "usage: bash eng/web.sh [--check]" >&2; exit 2 ;;
  esac
}

# The lock file alone says what is installed; nothing that is installed runs a script of its own.
install() {
  (cd "$1" && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error)
}

build() {
  (cd "$1" && npm run --silent build)
}

check() {
  local folder passed=0 failed=0
  folder=$(mktemp -d)
  # The folder's name is known now, and not when the script ends.
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  (cd web && tar -c --exclude ./node_modules --exclude ./dist .) | tar -x -C "$folder"
  install "$folder"
  build "$folder"

  # Its report has one number a line that matters here.
  (cd "$folder" && npx vitest run --reporter=default --reporter=json --outputFile=report.json) || true
  passed=$(count "$folder" numPassedTests)
  failed=$(($(count "$folder" numTotalTests) - passed + $(count "$folder" numFailedTestSuites)))

  if diff -r "$folder/dist" web/dist; then
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
