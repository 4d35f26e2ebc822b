# Debian packages, for the scripts beside: which of those wanted are missing, and how they come in.
# Sourced by bash.

# Prints those of the named packages that are not installed, one a line.
missing_packages() {
  local installed name
  # dpkg-query fails as soon as it has never heard of one of them; what it prints holds all the same.
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for name; do grep -qxF "installed $name" <<<"$installed" || echo "$name"; done
}

# The command that a person without root hands to someone with.
apt_command() { echo "sudo apt-get install --no-install-recommends $*"; }

# Installs the named packages; needs root. Quiet, unless it fails. The package lists are fetched only
# when the installation fails without: they are empty in a minimal root, or name a version that the
# mirror no longer has.
install_packages() {
  local log
  log=$(mktemp)
  if apt_get "$log" install "$@" || { apt_get "$log" update && apt_get "$log" install "$@"; }; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# tshark asks a question through debconf and others could: nobody is there to answer.
apt_get() {
  local log=$1
  shift
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    --no-install-recommends "$@" >"$log" 2>&1 </dev/null
}
