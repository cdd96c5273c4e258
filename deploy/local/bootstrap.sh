#!/bin/sh
# Makes the virtual environment from the pinned requirements: bootstrap.sh PYTHON VENV STAMP FILE...
# Installs the distribution's python3-venv where it is missing and we may; says what to do elsewhere.
set -eu

python=$1 venv=$2 stamp=$3
shift 3
began=$(date +%s)

say() { printf '[%4s s] %s\n' "$(($(date +%s) - began))" "$1"; }
stop() { printf '\nsambatan: %s\n' "$1" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 ||
    stop "$python is not installed. Install Python 3.11 or later, or say which: make PYTHON=python3.12 …"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" --version) is too old; 3.11 or later is needed: make PYTHON=python3.12 …"

make_venv() { "$python" -m venv "$venv" >/dev/null 2>&1 && [ -x "$venv/bin/pip" ]; }

install_venv_package() {
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo -n"
    else stop "this Python cannot make virtual environments. Install it once: sudo apt-get install $package"
    fi
    command -v apt-get >/dev/null 2>&1 || stop "this Python cannot make virtual environments (no venv, no ensurepip)."
    say "installing $package"
    $as_root apt-get -qq update </dev/null
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes "$package" </dev/null >/dev/null
}

if [ ! -x "$venv/bin/pip" ]; then
    say "making the virtual environment $venv"
    if ! make_venv; then
        install_venv_package
        make_venv || stop "$python -m venv $venv does not work."
    fi
fi

set -- $(printf -- '--requirement %s ' "$@")
say "installing pinned packages (a minute the first time)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes "$@" ||
    stop "the packages could not be installed; is a package index reachable?"
rm -f "$(printf '%s' "$stamp" | sed 's/-[0-9a-f]*$//')"-*
: >"$stamp"
say "the virtual environment is complete"
