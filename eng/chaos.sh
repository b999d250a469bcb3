#!/usr/bin/env bash
# Two API nodes, two workers, Redis and PostgreSQL (and RabbitMQ) as processes of their own, 20,000 buyers who never
# give up, and something killed every few seconds. Judged by what the buyers were told, and by the audit.
#
#   bash eng/chaos.sh [SECONDS] [--queue redis-stream|rabbitmq] [--seed N]
#
# SECONDS of faults, 60 where not given; then everything comes to rest, and is judged. Exit 0 only where no answer was
# a lie, 2 on wrong usage. It needs what the tests need: bash eng/test.sh names it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dotnet build -c Release -v quiet --nologo tests/Doorbuster.Chaos >&2
exec dotnet tests/Doorbuster.Chaos/bin/Release/net10.0/Doorbuster.Chaos.dll "$@"
