# Debian's kernels in a cache of our own, for tools/guest: nothing of them is installed into the
# machine. Sourced by bash.
#
# A kernel is named by its series (6.1, 6.12: the newest that the package lists hold), or exactly by
# what stands in the package's name (6.1.0-50, 6.12.111+deb12). In the cache:
#   RELEASE/           boot/vmlinuz-RELEASE and lib/modules/RELEASE, RELEASE being `uname -r`
#   RELEASE/initrd-N   N is the checksum of the init inside, so that a changed init makes a new one
#   SERIES             symbolic link to the release that the series stands for here
# Everything is made under another name and renamed, so that several runs at once do no harm.

guest_cache=${XDG_CACHE_HOME:-$HOME/.cache}/hookdump/guest
guest_init=${BASH_SOURCE[0]%/*}/guest-init
guest_series='6.1 6.12'

# Modules between a bare Debian kernel and the shared root.
initrd_modules='virtio_pci 9pnet_virtio 9p overlay'

# Prints the cached release for KERNEL, or nothing.
cached_release() {
  local name
  for name in "$1" "$1-amd64"; do
    if [[ -e $guest_cache/$name/lib/modules ]]; then
      basename "$(readlink -f "$guest_cache/$name")"
      return
    fi
  done
}

# Prints the newest package of KERNEL that apt knows, or nothing. Signed and plain: the cloud flavour
# lacks 9p, the rt flavour is another kernel.
kernel_package() {
  local series=${1//./\\.}
  apt-cache search --names-only "^linux-image-(${series}\.[0-9.]+[-+][a-z0-9]+|${1//[.+]/\\&})-amd64\$" |
    cut -d' ' -f1 | sort -V | tail -n 1
}

# Brings KERNEL into the cache and prints its release.
fetch_kernel() {
  local kernel=$1 package release work
  package=$(kernel_package "$kernel")
  if [[ -z $package && $EUID == 0 ]]; then
    apt-get -qq update >/dev/null 2>&1
    package=$(kernel_package "$kernel")
  fi
  if [[ -z $package ]]; then
    echo "guest: apt knows no kernel package linux-image-$kernel*-amd64" >&2
    return 1
  fi
  release=${package#linux-image-}
  mkdir -p "$guest_cache"
  work=$(mktemp -d "$guest_cache/.fetch-XXXXXX")
  if [[ ! -e $guest_cache/$release/lib/modules ]]; then
    echo "guest: fetching $package" >&2
    if ! download_kernel "$package" "$work" || ! depmod -b "$work" "$release"; then
      rm -rf "$work"
      echo "guest: cannot fetch or unpack $package" >&2
      return 1
    fi
    mv -T "$work" "$guest_cache/$release" 2>/dev/null # fails where another run was faster
  fi
  rm -rf "$work"
  if [[ $release != "$kernel"-amd64 ]]; then
    ln -s "$release" "$work" && mv -T "$work" "$guest_cache/$kernel"
  fi
  echo "$release"
}

# Unpacks PACKAGE into FOLDER. Package lists older than the mirror name files that are gone: root
# renews the lists and tries again.
download_kernel() {
  local package=$1 folder=$2
  (
    cd "$folder" || exit
    get() { apt-get -qq -o APT::Sandbox::User=root download "$package" >/dev/null 2>"$folder/log"; }
    get || { [[ $EUID == 0 ]] && apt-get -qq update >/dev/null 2>&1 && get; } || { cat "$folder/log" >&2; exit 1; }
    dpkg-deb -x ./*.deb . && rm -f ./*.deb log
  )
}

# Where the initrd of RELEASE is, or will be.
initrd_path() { echo "$guest_cache/$1/initrd-$(cksum <"$guest_init" | cut -d' ' -f1)"; }

# Makes the initrd of RELEASE unless the cache has it, and prints its path.
guest_initrd() {
  local release=$1 kernel=$guest_cache/$1 initrd work
  initrd=$(initrd_path "$release")
  if [[ ! -e $initrd ]]; then
    work=$(mktemp -d "$kernel/.initrd-XXXXXX")
    if pack_initrd "$release" "$work"; then
      mv "$work/initrd" "$initrd"
      rm -rf "$work"
    else
      rm -rf "$work"
      echo "guest: cannot make the initrd of $release" >&2
      return 1
    fi
  fi
  echo "$initrd"
}

# The modules go in plain (6.12 ships them compressed, which busybox cannot load) and with the order
# in which they must be loaded written beside them.
pack_initrd() {
  local release=$1 work=$2 line name
  mkdir -p "$work/initramfs/bin" "$work/initramfs/modules"
  cp "$(command -v busybox)" "$work/initramfs/bin/busybox" && install -m 755 "$guest_init" "$work/initramfs/init" || return
  for name in $initrd_modules; do
    modprobe -d "$guest_cache/$release" -S "$release" --show-depends "$name" || return
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$work/list"
  while read -r line; do
    name=$(basename "$line" .xz)
    case $line in
      *.xz) xz -dc "$line" ;;
      *) cat "$line" ;;
    esac >"$work/initramfs/modules/$name" || return
    echo "$name"
  done <"$work/list" >"$work/initramfs/modules/order"
  (cd "$work/initramfs" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$work/initrd"
}
