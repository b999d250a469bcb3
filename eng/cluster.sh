#!/usr/bin/env bash
# Many nodes on one machine: two that answer buyers and two that work, over the servers of eng/services.sh, and then a
# crowd against them and the audit.
#
#   bash eng/services.sh start && bash eng/cluster.sh
#
#   --rabbitmq     carries admitted claims by RabbitMQ; without it workers read the stream in Redis
#   --buyers N     how many come, 20000 where not said; --quantity N, how many units there are, 2000 where not said
#   --stay         leaves the nodes running until Ctrl+C
#
# The nodes listen on loopback at 36081 and 36082, the workers' health at 36083 and 36084; DOORBUSTER_PORTS moves them
# all, with the servers. Exit 0 only where the law held. Every node is ended by its own id.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

queue=redis-stream buyers=20000 quantity=2000 stay=false
while [ $# -gt 0 ]; do
  case $1 in
    --rabbitmq) queue=rabbitmq ;;
    --buyers) buyers=${2:-}; shift ;;
    --quantity) quantity=${2:-}; shift ;;
    --stay) stay=true ;;
    *) echo "usage: bash eng/cluster.sh [--rabbitmq] [--buyers N] [--quantity N] [--stay]" >&2; exit 2 ;;
  esac
  shift
done

command -v curl >/dev/null || {
  echo "cluster: missing curl. Get it with: apt-get install curl" >&2
  exit 1
}

readonly ports=${DOORBUSTER_PORTS:-36000}
readonly data=${DOORBUSTER_SERVICES:-$PWD/artifacts/services}/nodes
readonly program=src/Doorbuster.Cli/bin/Release/net10.0/Doorbuster.Cli
nodes=()

end_nodes() {
  local node
  for node in "${nodes[@]}"; do
    kill "$node" 2>/dev/null
  done
  wait
}
trap end_nodes EXIT
trap 'exit 130' INT TERM

addresses=$(bash eng/services.sh status redis postgres $([ $queue = rabbitmq ] && echo rabbitmq)) || {
  echo "$addresses" >&2
  echo "cluster: first run: bash eng/services.sh start" >&2
  exit 1
}
eval "$(sed -n "s/^[a-z]* runs\. \(ConnectionStrings__[A-Za-z]*=.*\)$/export \1/p" <<<"$addresses")"
export Doorbuster__Gate=redis Doorbuster__Store=postgres Doorbuster__Queue=$queue
export Doorbuster__Payments__Sandbox__Url=http://127.0.0.1:$((ports + 81))

dotnet build src/Doorbuster.Cli -c Release -v quiet --nologo || exit 1
mkdir -p "$data" || exit 1

# Nodes trust each other's tokens, so they have one key.
[ -s "$data/key" ] || head -c 48 /dev/urandom | base64 -w0 >"$data/key"
Doorbuster__Identity__SigningKey=$(cat "$data/key")
export Doorbuster__Identity__SigningKey Doorbuster__Identity__Guests=true
"$program" migrate --data "$data" || exit 1

start_node() {
  local name=$1 roles=$2 port=$3
  "$program" serve --roles "$roles" --urls "http://127.0.0.1:$port" --data "$data/$name" >"$data/$name.log" 2>&1 &
  nodes+=($!)
}

await_node() {
  local name=$1 port=$2 waited=0
  until curl -fs "http://127.0.0.1:$port/health/ready" >/dev/null; do
    if [ $((waited += 1)) -gt 300 ]; then
      echo "cluster: $name was not ready within 60 s. The end of its log, $data/$name.log:" >&2
      tail -n 15 "$data/$name.log" >&2
      exit 1
    fi
    sleep 0.2
  done
  echo "$name is ready at http://127.0.0.1:$port"
}

start_node api-1 api $((ports + 81))
start_node api-2 api $((ports + 82))
start_node worker-1 worker $((ports + 83))
start_node worker-2 worker $((ports + 84))
await_node api-1 $((ports + 81))
await_node api-2 $((ports + 82))
await_node worker-1 $((ports + 83))
await_node worker-2 $((ports + 84))

sale=drop-$(date +%s)
DOORBUSTER_TOKEN=$("$program" token --operator)
export DOORBUSTER_TOKEN
first=http://127.0.0.1:$((ports + 81)) second=http://127.0.0.1:$((ports + 82))
"$program" sale create --server "$first" --id "$sale" --title "A drop" --quantity "$quantity" --price 1999 || exit 1

# Half of the crowd comes to each node; as guests, for the token above is an operator's.
(unset DOORBUSTER_TOKEN; "$program" load --server "$first" --sale "$sale" --buyers $((buyers / 2))) &
one=$!
(unset DOORBUSTER_TOKEN; "$program" load --server "$second" --sale "$sale" --buyers $((buyers / 2)))
two=$?
wait $one && [ $two -eq 0 ] || exit 1

"$program" audit --server "$second" --sale "$sale"
held=$?
if $stay; then
  echo "The nodes run until Ctrl+C; their logs are in $data."
  wait
fi
exit $held
