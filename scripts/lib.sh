# Shared by ./demo, ./test, ./bench/run and .ci/run. Sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=$root/out/bin

say() { printf '\n\033[1m==> %s\033[0m\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

need_root() {
  [ "$(id -u)" = 0 ] || die "must run as root (containers need mounts, namespaces and cgroups): try sudo $0"
}

need_sdk() {
  command -v dotnet >/dev/null || die "the .NET SDK is missing: install the dotnet-sdk package of your distribution"
}

# install PACKAGE...: what is not installed yet, without starting a single service.
install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "apt-get is missing: install these by hand: ${missing[*]}"
  say "Installing ${missing[*]}"
  # policy-rc.d is dpkg's own way to say that packages must not start their services.
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy && made=1
  fi
  local status=0
  { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/tmp/vitrine-apt.log 2>&1 ||
    { apt-get update >/tmp/vitrine-apt.log 2>&1 &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >>/tmp/vitrine-apt.log 2>&1; }; } || status=$?
  [ -z "$made" ] || rm -f $policy
  [ $status = 0 ] || { tail -20 /tmp/vitrine-apt.log >&2; die "apt-get could not install: ${missing[*]}"; }
}

# The packages that publishing and running Vitrine needs.
runtime_packages=(gcc libc6-dev libzstd1 libnftables1 nftables busybox-static)

# publish: the ahead-of-time compiled programs to out/bin, again only when a source changed.
publish() {
  local stamp=$root/out/.published
  if [ -x "$bin/vitrine" ] && [ -x "$bin/vitrine-glass" ] && [ -x "$bin/vitrine-shim" ] && [ -x "$bin/vitrine-oci" ] &&
    [ -x "$bin/vitrined" ] && [ -e "$stamp" ] &&
    [ -z "$(find "$root/src" "$root/Directory.Build.props" "$root/Directory.Packages.props" -newer "$stamp" -type f \
      -not -path '*/obj/*' -not -path '*/bin/*' -print -quit)" ]; then
    return 0
  fi
  say "Publishing vitrine, vitrine-glass, vitrine-shim, vitrine-oci and vitrined to out/bin (ahead-of-time compiled)"
  local begun; begun=$(mktemp)
  local project
  for project in Vitrine.Shim Vitrine.Cli Vitrine.Glass Vitrine.Api; do
    dotnet publish "$root/src/$project" -c Release -r "$(rid)" -o "$bin" -v q -nologo
  done
  mkdir -p "$root/out" && mv "$begun" "$stamp"
}

rid() {
  case $(uname -m) in
    x86_64) echo linux-x64 ;;
    aarch64) echo linux-arm64 ;;
    *) die "no ahead-of-time compiler for $(uname -m)" ;;
  esac
}
