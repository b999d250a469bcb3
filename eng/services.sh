#!/usr/bin/env bash
# The servers of the topology with many nodes, on loopback, on ports of their own, with data of their own.
#
#   bash eng/services.sh start [NAME…]    starts what does not run yet, and says how to reach it
#   bash eng/services.sh stop [NAME…]     stops it; its data stays
#   bash eng/services.sh status [NAME…]   a line each; exit 0 only where all of them answer
#   bash eng/services.sh start --install  first installs what is missing, from Debian's packages
#
# NAME is redis, postgres, rabbitmq or cluster (a Redis Cluster of three nodes, each with a replica). Without a name it
# is the first three, and for stop and status the cluster too. Exit 1 where something is missing or does not come up,
# 2 on wrong usage.
#
# The data is in artifacts/services, which git ignores; DOORBUSTER_SERVICES names another folder. Ports begin at
# DOORBUSTER_PORTS, 36000 where it is not set. A server is ended by the id it was started with, and only where that id
# still is that server.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
source eng/packages.sh

data=${DOORBUSTER_SERVICES:-$PWD/artifacts/services}
ports=${DOORBUSTER_PORTS:-36000}
readonly redis_port=$((ports + 379)) postgres_port=$((ports + 432))
readonly rabbitmq_port=$((ports + 672)) erlang_port=$((ports + 673)) epmd_port=$((ports + 674))
readonly cluster_ports=($((ports + 1)) $((ports + 2)) $((ports + 3)) $((ports + 4)) $((ports + 5)) $((ports + 6)))
readonly seconds_to_come_up=60

# A program a line: the service that needs it, the program, and Debian's package.
readonly needs=(
  "redis redis-server redis-server"
  "redis redis-cli redis-tools"
  "cluster redis-server redis-server"
  "cluster redis-cli redis-tools"
  "postgres /usr/lib/postgresql/*/bin/postgres postgresql"
  "rabbitmq /usr/lib/rabbitmq/bin/rabbitmq-server rabbitmq-server"
  "rabbitmq epmd erlang-base"
)

main() {
  local verb=${1:-} install=false names=() packages=() name failed=0
  [ $# -gt 0 ] && shift
  for name in "$@"; do
    case $name in
      redis | postgres | rabbitmq | cluster) names+=("$name") ;;
      --install) install=true ;;
      *) usage ;;
    esac
  done

  case $verb in
    start) [ ${#names[@]} -gt 0 ] || names=(redis postgres rabbitmq) ;;
    stop | status) [ ${#names[@]} -gt 0 ] || names=(redis postgres rabbitmq cluster) ;;
    *) usage ;;
  esac

  if [ "$verb" = start ]; then
    [ "$ports" -ge 1024 ] && [ "$ports" -le 54000 ] 2>/dev/null || {
      echo "services: DOORBUSTER_PORTS is '$ports'; it must be a number from 1024 to 54000." >&2
      exit 1
    }
    if $install; then
      mapfile -t packages < <(missing_packages "${names[@]}")
      install_packages "${packages[@]}"
    fi
    everything_is_there "${names[@]}" || exit 1
  fi

  for name in "${names[@]}"; do
    "$verb" "$name" || failed=1
  done
  exit $failed
}

usage() {
  echo "usage: bash eng/services.sh start|stop|status [--install] [redis] [postgres] [rabbitmq] [cluster]" >&2
  exit 2
}

# --- The verbs, for one service ---

start() {
  local name=$1
  if answers "$name"; then
    echo "$name runs already. $(address_of "$name")"
    return
  fi

  mkdir -p "$data/$name" && chmod 755 "$data" "$data/$name" || return 1
  "start_$name" || {
    echo "services: $name does not come up. The end of its log, $data/$name/log:" >&2
    tail -n 15 "$data/$name/log" >&2
    return 1
  }
  local waited=0
  until answers "$name"; do
    if ended "$name"; then
      echo "services: $name ended at once. The end of its log, $data/$name/log:" >&2
      tail -n 15 "$data/$name/log" >&2
      return 1
    fi
    if [ $((waited += 1)) -gt $((seconds_to_come_up * 5)) ]; then
      echo "services: $name did not answer within $seconds_to_come_up s. The end of its log, $data/$name/log:" >&2
      tail -n 15 "$data/$name/log" >&2
      return 1
    fi
    sleep 0.2
  done
  echo "$name runs. $(address_of "$name")"
}

stop() {
  local name=$1 file ended=0
  # What was started last is ended first: RabbitMQ before the epmd that it is registered with.
  for file in $(ls -r "$data/$name"/*.pid 2>/dev/null); do
    end "$file" && ended=1
  done
  [ $ended -eq 1 ] && echo "$name is stopped." || echo "$name did not run."
}

status() {
  local name=$1
  if answers "$name"; then
    echo "$name runs. $(address_of "$name")"
  elif compgen -G "$data/$name/*.pid" >/dev/null; then
    echo "$name was started and does not answer; its log is $data/$name/log."
    return 1
  else
    echo "$name does not run."
    return 1
  fi
}

address_of() {
  case $1 in
    redis) echo "ConnectionStrings__Redis=127.0.0.1:$redis_port" ;;
    postgres) echo "ConnectionStrings__Postgres='Host=127.0.0.1;Port=$postgres_port;Username=doorbuster;Database=doorbuster'" ;;
    rabbitmq) echo "ConnectionStrings__RabbitMq=amqp://guest:guest@127.0.0.1:$rabbitmq_port" ;;
    cluster) echo "ConnectionStrings__Redis=$(IFS=,; echo "${cluster_ports[*]/#/127.0.0.1:}")" ;;
  esac
}

answers() {
  case $1 in
    redis) pongs "$redis_port" ;;
    postgres) PGCONNECT_TIMEOUT=2 "$(postgres_bin)/psql" -h 127.0.0.1 -p "$postgres_port" -U doorbuster -d doorbuster -tAc 'SELECT 1' >/dev/null 2>&1 ;;
    rabbitmq) greets ;;
    cluster) timeout 2 redis-cli -p "${cluster_ports[0]}" cluster info 2>/dev/null | grep -q '^cluster_state:ok' ;;
  esac
}

# --- Redis ---

start_redis() {
  redis_node "$data/redis" "$redis_port"
}

# Every write is logged and synced each second, and nothing is ever evicted: a gate that lost keys would be rebuilt.
redis_node() {
  local folder=$1 port=$2
  shift 2
  mkdir -p "$folder/$port"
  spawn "$folder/$port.pid" "$folder/log" \
    redis-server --bind 127.0.0.1 --port "$port" --dir "$folder/$port" \
    --appendonly yes --appendfsync everysec --maxmemory-policy noeviction --protected-mode yes "$@"
}

# The nodes talk to each other on ports named here: those that Redis chooses lie where the system takes ports for
# connections of others.
start_cluster() {
  local port nodes=()
  for port in "${cluster_ports[@]}"; do
    redis_node "$data/cluster" "$port" --cluster-enabled yes --cluster-port $((port + 10)) --cluster-node-timeout 2000
    nodes+=("127.0.0.1:$port@$((port + 10))")
  done
  for port in "${cluster_ports[@]}"; do
    until_true 50 pongs "$port" || return 1
  done
  # A node that knows nobody is new.
  if timeout 2 redis-cli -p "${cluster_ports[0]}" cluster info | grep -q '^cluster_known_nodes:1[^0-9]*$'; then
    redis-cli --cluster create "${nodes[@]}" --cluster-replicas 1 --cluster-yes >>"$data/cluster/log" 2>&1
  fi
}

pongs() {
  [ "$(timeout 2 redis-cli -h 127.0.0.1 -p "$1" ping 2>/dev/null)" = PONG ]
}

# --- PostgreSQL ---

start_postgres() {
  local bin folder=$data/postgres as_user=()
  bin=$(postgres_bin)
  # PostgreSQL refuses to run as root.
  [ "$(id -u)" -ne 0 ] || as_user=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  if [ ! -e "$folder/cluster/PG_VERSION" ]; then
    [ "$(id -u)" -ne 0 ] || chown postgres "$folder"
    "${as_user[@]}" "$bin/initdb" -D "$folder/cluster" -U doorbuster -A trust --encoding=UTF8 --locale=C \
      >>"$folder/log" 2>&1 || {
      echo "services: initdb failed. Where the user postgres cannot reach $folder, set DOORBUSTER_SERVICES to a" \
        "folder that it can." >&2
      return 1
    }
  fi
  touch "$folder/log" && { [ "$(id -u)" -ne 0 ] || chown postgres "$folder/log"; }
  spawn "$folder/postgres.pid" "$folder/log" "${as_user[@]}" "$bin/postgres" -D "$folder/cluster" \
    -c listen_addresses=127.0.0.1 -p "$postgres_port" -c unix_socket_directories= \
    -c max_connections=200 -c synchronous_commit=on
  until_true 150 "$bin/pg_isready" -q -h 127.0.0.1 -p "$postgres_port" || return 0
  "$bin/createdb" -h 127.0.0.1 -p "$postgres_port" -U doorbuster doorbuster >>"$folder/log" 2>&1
  return 0
}

postgres_bin() {
  ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1
}

# --- RabbitMQ, with an Erlang port mapper of its own ---

start_rabbitmq() {
  local folder=$data/rabbitmq
  export ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$epmd_port
  spawn "$folder/1-epmd.pid" "$folder/log" epmd -port "$epmd_port"
  HOME=$folder \
    RABBITMQ_NODENAME=doorbuster@localhost \
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$rabbitmq_port RABBITMQ_DIST_PORT=$erlang_port \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
    RABBITMQ_MNESIA_BASE=$folder/mnesia RABBITMQ_LOG_BASE=$folder RABBITMQ_LOGS=- \
    RABBITMQ_CONFIG_FILE=$folder/none RABBITMQ_ENABLED_PLUGINS_FILE=$folder/plugins RABBITMQ_PID_FILE=$folder/erlang \
    spawn "$folder/2-rabbitmq.pid" "$folder/log" /usr/lib/rabbitmq/bin/rabbitmq-server
}

# A broker that is up answers an AMQP header with Connection.Start, a frame of method 10 of class 10 on channel 0.
greets() {
  local reply
  reply=$({
    exec 3<>"/dev/tcp/127.0.0.1/$rabbitmq_port" || exit 1
    printf 'AMQP\0\0\11\1' >&3
    timeout 3 head -c 11 <&3 | od -An -tx1 | tr -d ' \n'
  } 2>/dev/null)
  [[ $reply = 010000????????000a000a ]]
}

# --- Programs, by their ids ---

# Starts a program that outlives this script, and keeps its id with the time it was started: ids are used again.
spawn() {
  local file=$1 log=$2
  shift 2
  if is_running "$file"; then
    return
  fi
  setsid "$@" </dev/null >>"$log" 2>&1 &
  echo "$! $(started_at $!)" >"$file"
}

is_running() {
  local id at
  read -r id at 2>/dev/null <"$1" && [ -n "$at" ] && [ "$(started_at "$id")" = "$at" ]
}

# The clock ticks after boot at which a process was started; nothing where there is none, or it has ended and only
# nobody has asked how.
started_at() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) && awk '$1 != "Z" { print $20 }' <<<"${stat##*) }"
}

# Ends a program, in peace if it goes within 20 s.
end() {
  local file=$1 id
  is_running "$file" || { rm -f "$file"; return 1; }
  read -r id _ <"$file"
  # A fast shutdown to PostgreSQL, an orderly one to the others; RabbitMQ's Erlang is a child in the same group.
  case $file in
    */postgres.pid) kill -INT "$id" ;;
    */2-rabbitmq.pid) kill -TERM -- "-$id" ;;
    *) kill -TERM "$id" ;;
  esac
  until_true 100 gone "$file" || kill -KILL -- "-$id"
  rm -f "$file"
}

# Whether a program of a service was started and runs no more.
ended() {
  local file
  for file in "$data/$1"/*.pid; do
    is_running "$file" || return 0
  done
  return 1
}

gone() {
  ! is_running "$1"
}

# Tries so many times, five a second.
until_true() {
  local times=$1
  shift
  until "$@"; do
    [ $((times -= 1)) -gt 0 ] || return 1
    sleep 0.2
  done
}

# --- What is needed ---

missing_packages() {
  local need service program package name
  for need in "${needs[@]}"; do
    read -r service program package <<<"$need"
    for name in "$@"; do
      [ "$name" = "$service" ] || continue
      command -v "$program" >/dev/null || compgen -G "$program" >/dev/null || echo "$package"
    done
  done | sort -u
}

everything_is_there() {
  local packages
  mapfile -t packages < <(missing_packages "$@")
  [ ${#packages[@]} -eq 0 ] && return
  echo "services: missing ${packages[*]}. Get them with: apt-get install ${packages[*]}" \
    "(or: bash eng/services.sh start --install)" >&2
  return 1
}

main "$@"
