#!/usr/bin/env bash
# Builds everything in Release and runs every test, one suite after another. The last line counts what really ran:
# "N passed, N failed". A build that fails, a suite that crashes, hangs or runs no test, and a test that was skipped
# each count as failed. Exit code 0 where nothing failed, 1 where something did, 2 on wrong usage.
#
#   bash eng/test.sh             installs nothing; names what is missing and how to get it
#   bash eng/test.sh --install   first installs what is missing, from Debian's packages

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
source eng/packages.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

# A suite a line: its name, its project, and the seconds after which it is stopped and counts as failed.
suites=(
  "rules       tests/Doorbuster.Tests           600"
  "adapters    tests/Doorbuster.Adapters.Tests  900"
  "simulation  tests/Doorbuster.Simulation.Tests  900"
  "server      tests/Doorbuster.Server.Tests    600"
  "end-to-end  tests/Doorbuster.EndToEnd.Tests  1800"
)

# Seconds after which the tests of the pages are stopped: eng/web.sh rebuilds and tests web/.
web=600

# Faults under a crowd for so many seconds: long enough that every kind of fault comes once. Its verdict is one test.
chaos=(60 --queue rabbitmq)

# A tool that the tests need a line: its command, or where it lies outside of the path; its Debian package, and what it
# is for.
tools=(
  "redis-server  redis-server  the gate that nodes share"
  "rabbitmq-server  rabbitmq-server  the transport of admitted claims"
  "/usr/lib/postgresql/*/bin/postgres  postgresql  the order store in PostgreSQL"
  "rabbitmq-server  rabbitmq-server  the servers that eng/services.sh starts"
  "strace  strace  the trace that shows the disk sync before the answer"
  "curl  curl  the guide docs/guides/sell-something.md, which a test runs"
  "jq  jq  the guide docs/guides/sell-something.md"
  "openssl  openssl  the guide docs/guides/sell-something.md, which signs an event"
  "node  nodejs  a WebSocket and an EventSource that are not ours, and the build of the pages"
  "npm  npm  what the pages are built and tested with"
  "chromium  chromium  the pages in a real browser"
)

# What the pages are built and tested with, and what the lock file said when it was installed.
readonly modules=web/node_modules
readonly locks=(web/package-lock.json "$modules/.installed-lock.json")

readonly results=artifacts/test-results
passed=0
failed=0
running=

main() {
  case "$*" in
    "") ;;
    --install) install_tools ;;
    *) echo "usage: bash eng/test.sh [--install]" >&2; exit 2 ;;
  esac
  trap 'stop; finish' INT TERM
  rm -rf "$results" && mkdir -p "$results"

  if everything_is_there && build; then
    for suite in "${suites[@]}"; do
      # The line's three words are the three arguments.
      # shellcheck disable=SC2086
      run_suite $suite
    done
    run_web "$web"
    run_chaos "${chaos[@]}"
  else
    failed=1
  fi
  finish
}

finish() {
  echo
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# --- What is needed ---

has() {
  command -v "$1" >/dev/null || compgen -G "$1" >/dev/null
}

missing_packages() {
  local command package purpose
  for tool in "${tools[@]}"; do
    read -r command package purpose <<<"$tool"
    has "$command" || echo "$package"
  done
}

install_tools() {
  local packages
  mapfile -t packages < <(missing_packages)
  install_packages "${packages[@]}"
  cmp -s "${locks[@]}" || bash eng/web.sh --install </dev/null >&2
}

# Says what is missing, and how to get it.
everything_is_there() {
  local command package purpose lacking=0
  if [[ "$(dotnet --version 2>/dev/null)" != 10.* ]]; then
    echo "missing: dotnet, the .NET SDK 10 (global.json says which): see https://dot.net/download"
    lacking=1
  fi
  for tool in "${tools[@]}"; do
    read -r command package purpose <<<"$tool"
    if ! has "$command"; then
      echo "missing: $command, for $purpose: bash eng/test.sh --install, or apt-get install $package"
      lacking=1
    fi
  done
  if ! cmp -s "${locks[@]}"; then
    echo "missing: $modules, for the tests of the pages: bash eng/test.sh --install, or bash eng/web.sh --install"
    lacking=1
  fi
  return "$lacking"
}

# --- Building and running ---

build() {
  local start=$SECONDS
  if limited 1800 build.log dotnet build Doorbuster.slnx -c Release; then
    echo "build: $((SECONDS - start)) s"
  else
    echo "build: failed after $((SECONDS - start)) s"
    { grep -E '(error|warning) [A-Za-z0-9]+:|: error' "$results/build.log" || tail -n 40 "$results/build.log"; } |
      sort -u | head -n 60
    return 1
  fi
}

# A suite's program is asked to report each test as it ends, so that a crash loses no result but its own.
run_suite() {
  local name=$1 project=$2 limit=$3 start=$SECONDS code report well badly complete fault
  limited "$limit" "$name.log" dotnet run --project "$project" --no-build -c Release -- \
    -noLogo -noColor -noAutoReporters -reporter json
  code=$?

  report=$(read_results "$results/$name.log")
  read -r well badly complete <<<"${report%%$'\n'*}"
  fault=$(fault_of "$code" "$limit" "$well" "$badly" "$complete") && badly=$((badly + 1))
  passed=$((passed + well))
  failed=$((failed + badly))

  echo "$name: $well passed, $badly failed, $((SECONDS - start)) s"
  tail -n +2 <<<"$report"
  if [ -n "$fault" ]; then
    echo "  The suite itself failed: $fault. What it said, beside its results in $results/$name.log:"
    grep -v '^{"$type":' "$results/$name.log" | head -n 20 | cut -c 1-160 | sed 's/^/    /'
  fi
}

# The pages' own tests, and that what is committed of them is what they are built to.
run_web() {
  local limit=$1 start=$SECONDS code well badly last
  limited "$limit" web.log bash eng/web.sh --check
  code=$?
  last=$(tail -n 1 "$results/web.log")
  if [[ "$last" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    well=${BASH_REMATCH[1]} badly=${BASH_REMATCH[2]}
  else
    well=0 badly=1
  fi
  passed=$((passed + well))
  failed=$((failed + badly))
  echo "web: $well passed, $badly failed, $((SECONDS - start)) s"
  if [ "$code" -ne 0 ]; then
    echo "  bash eng/web.sh --check, of which all is in $results/web.log:"
    tail -n 40 "$results/web.log" | cut -c 1-400 | sed 's/^/    /'
  fi
}

# Nodes and servers killed under a crowd, judged by what it was told.
run_chaos() {
  local start=$SECONDS
  if limited 600 chaos.log bash eng/chaos.sh "$@"; then
    passed=$((passed + 1))
    echo "chaos: 1 passed, 0 failed, $((SECONDS - start)) s"
  else
    failed=$((failed + 1))
    echo "chaos: 0 passed, 1 failed, $((SECONDS - start)) s"
    echo "  bash eng/chaos.sh $*, of which all is in $results/chaos.log:"
    tail -n 40 "$results/chaos.log" | cut -c 1-400 | sed 's/^/    /'
  fi
}

# What went wrong beside the tests that failed; false where nothing did.
fault_of() {
  local code=$1 limit=$2 well=$3 badly=$4 complete=$5
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
    echo "it was killed, or stopped after $limit s"
  elif [ "$complete" -eq 0 ]; then
    echo "it ended with exit code $code before its tests did"
  elif [ $((well + badly)) -eq 0 ]; then
    echo "it ran no test"
  elif [ "$code" -ne 0 ] && [ "$badly" -eq 0 ]; then
    echo "it ended with exit code $code although no test failed"
  else
    return 1
  fi
}

# Runs a command in a process group of its own, without input and with its output in a file; after so many seconds the
# whole group is stopped. It runs in the background, so that a signal to this script is heard at once.
limited() {
  local limit=$1 log=$2
  shift 2
  timeout --kill-after=20 "$limit" "$@" </dev/null >"$results/$log" 2>&1 &
  running=$!
  wait "$running"
  local code=$?
  running=
  return "$code"
}

# Ends the group that is running, by its id.
stop() {
  [ -z "$running" ] || kill -TERM -- "-$running" 2>/dev/null
  failed=$((failed + 1))
  echo "stopped"
}

# --- Reading results ---

# Reads what a suite's program reported: a JSON object a line, beside whatever else it printed. The first line of the
# answer is how many passed, how many did not, and whether the program came to its end; then come the failures.
read_results() {
  awk '
    # A field that is a text or a list of texts, still escaped, without what encloses it. Quotes inside a text are
    # escaped, so nothing that a test says can be mistaken for a field.
    function field(key,    at, rest) {
      at = index($0, "\"" key "\":")
      rest = substr($0, at + length(key) + 3)
      if (!at || !match(rest, /^(\[("([^"\\]|\\.)*",?)*\]|"([^"\\]|\\.)*")/)) return ""
      rest = substr(rest, 1, RLENGTH)
      gsub(/^\[?"|"\]?$/, "", rest)
      return rest
    }
    function number(key) { match($0, "\"" key "\":[0-9]+"); return substr($0, RSTART + length(key) + 3, RLENGTH) + 0 }
    function plain(text) {
      gsub(/","/, "\n    ", text); gsub(/\\\\/, "\001", text); gsub(/\\r/, "", text); gsub(/\\n/, "\n    ", text)
      gsub(/\\t/, "  ", text); gsub(/\\"/, "\"", text); gsub(/\001/, "\\", text)
      return text
    }
    function failure(title) {
      failures = failures "\n  " title "\n    " plain(field("Messages"))
      gsub(/ in \/_\/[^ ]+:line/, "")  # frames of the test framework
      if (match($0, /in [^" ]+:line [0-9]+/)) failures = failures "\n    " substr($0, RSTART, RLENGTH)
    }
    function id() { return field("TestUniqueID") }

    { type = field("$type") }
    type == "test-starting" { name[id()] = plain(field("TestDisplayName")) }
    type == "test-passed" { well++ }
    type == "test-failed" { badly++; failure("Failed: " name[id()]) }
    type == "test-skipped" { badly++; failures = failures "\n  Skipped: " name[id()] "\n    " plain(field("Reason")) }
    type == "test-not-run" { badly++; failures = failures "\n  Not run: " name[id()] }
    type ~ /^(test-.*-cleanup-failure|error)$/ { badly++; failure("Failed outside of a test:") }
    type == "test-finished" { delete name[id()] }
    type == "test-assembly-finished" { complete = 1; total = number("TestsTotal") }
    END {
      if (complete && total > well + badly) {
        failures = failures "\n  " total - well - badly " results were lost"
        badly = total - well
      }
      if (!complete) for (test in name) failures = failures "\n  Running when the program ended: " name[test]
      print well + 0, badly + 0, complete + 0 failures
    }' "$1"
}

main "$@"
