# Sourced by the scripts beside it: how they get what is missing.

# Installs Debian's packages, as root or by sudo; what apt says goes to the standard error.
install_packages() {
  local as_root=()
  [ $# -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  echo "installing $*" >&2
  "${as_root[@]}" apt-get update -q </dev/null >&2 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
      -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2
}
