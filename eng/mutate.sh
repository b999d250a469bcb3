#!/usr/bin/env bash
# Alters the engine's rules, one operator or branch at a time, and sees that a test of tests/Doorbuster.Tests notices
# (dotnet-stryker, whose version .config/dotnet-tools.json names). Less than 90 of 100 noticed is a failure; which are
# not, and why that is right, is told in docs/concepts/how-we-test.md. The report is artifacts/mutate/reports.
#
#   bash eng/mutate.sh                    all of the rules, which takes the better part of an hour
#   bash eng/mutate.sh SaleRule.cs ...    these files of them
#
# Mutated are the pure rules: what decides of claims, orders, money and sales, and the sums it decides on. They have no
# surroundings, so an altered one is either noticed by a table or a property, or makes no difference. Loops, stores and
# gates are left to the simulation, which takes guards out of them (tests/Doorbuster.Simulation/Mutants): what an
# altered wait or time-out does there is seen under faults, and not by a test of one class.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

rules=(
  Decision.cs SaleRule.cs Orders/OrderRule.cs Orders/EventKinds.cs Fulfilment/FulfilmentRule.cs
  Holdings.cs BuyerOrders.cs Stock.cs Order.cs Sale.cs Money.cs Admission/IdempotencyKey.cs
)

# The tests that know the rules; those of loops and clocks take many times as long.
tests=
for folder in Rules Ids Admission Payments Reference Fulfilment; do
  tests+="${tests:+|}FullyQualifiedName~Doorbuster.Tests.$folder"
done

mutate=()
for file in "${@:-.cs}"; do
  for rule in "${rules[@]}"; do
    [[ $rule == *"$file" ]] && mutate+=(--mutate "**/$rule")
  done
done
[ ${#mutate[@]} -gt 0 ] || { echo "usage: bash eng/mutate.sh [some of: ${rules[*]}]" >&2; exit 2; }

dotnet tool restore >/dev/null
mkdir -p artifacts/mutate
cat >artifacts/mutate/stryker-config.json <<JSON
{ "stryker-config": { "test-case-filter": "$tests", "coverage-analysis": "perTest" } }
JSON
root=$PWD
cd tests/Doorbuster.Tests

# Over VSTest no coverage of xunit v3 is captured, and then every mutant is tried by every test.
dotnet stryker --config-file "$root/artifacts/mutate/stryker-config.json" --project Doorbuster.csproj \
  --test-runner mtp "${mutate[@]}" --concurrency 1 --break-at 90 --threshold-low 90 --threshold-high 95 \
  --reporter ClearText --reporter Json --reporter Html --output "$root/artifacts/mutate" --skip-version-check
