#!/bin/sh
# Makes .venv (or $VENV) and installs hash-pinned requirements into it: sh tracker/install.sh PYTHON REQUIREMENTS...
#
# uv does the work, because it is fast and needs neither ensurepip nor python3-venv; it is installed by pip into
# .tools, which also works where pip refuses to touch the system (PEP 668). Where uv cannot reach its packages but
# pip can (a mirror named in pip's own configuration), pip does the work.
set -eu

venv=${VENV:-.venv}

say() { printf '%s\n' "$*" >&2; }
give_up() { say "$*"; exit 1; }

python=$1
shift

[ -n "$python" ] || give_up "Python 3.11 or newer is needed and was not found: install it, or name it: make run PYTHON=/path/to/python3."
[ -w . ] || give_up "The folder $(pwd) cannot be written: the environment and the data are made in it."

uv="$python -m uv"
install_uv() {
    new=.tools.new.$$
    mkdir -p "$new"
    trap 'rm -rf "$new"' EXIT
    if "$python" -m pip --version >/dev/null 2>&1; then
        pip="$python -m pip"
    elif "$python" -m venv "$new/venv" >/dev/null 2>&1; then
        pip="$new/venv/bin/python -m pip"
    else
        give_up "This Python ($python) has no pip: install it (Debian and Ubuntu: apt-get install python3-pip) and try again."
    fi
    $pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
        --require-hashes --target "$new/packages" -r requirements-uv.txt ||
        give_up "The installer (uv) could not be installed; what pip said is above."
    rm -rf .tools
    mv "$new/packages" .tools
    cp requirements-uv.txt .tools/
    trap - EXIT
    rm -rf "$new"
}

if ! cmp -s requirements-uv.txt .tools/requirements-uv.txt; then
    say "Installing the installer (uv) into .tools ..."
    install_uv
fi
PYTHONPATH=.tools
export PYTHONPATH

if ! "$venv"/bin/python -c '' 2>/dev/null; then
    say "Making the environment $venv ($("$python" --version)) ..."
    $uv venv --quiet --clear --python "$python" "$venv"
fi

say "Installing the packages of $* (hash-checked) ..."
files=
for file in "$@"; do files="$files -r $file"; done
# shellcheck disable=SC2086 # words of their own
if ! $uv pip install --system-certs --python "$venv"/bin/python --require-hashes $files >&2; then
    say "uv could not install them: trying pip ..."
    # shellcheck disable=SC2086
    "$python" -m pip --python "$venv"/bin/python install --disable-pip-version-check --require-hashes $files >&2 ||
        give_up "The packages could not be installed; what was said is above."
fi
