#!/bin/sh
# Makes .venv and installs requirements/NAME.txt into it; when that is already done, does nothing.
#
#     scripts/setup.sh runtime|dev
#
# The stamp is a copy of what was installed, and from where: comparing it costs milliseconds.
set -eu
cd "$(dirname "$0")/.."

name=$1
lock=requirements/$name.txt
stamp=.venv/installed-$name.txt

wanted() { pwd && cat pyproject.toml "$lock"; }
say() { printf '%s\n' "$*" >&2; }

# Developers' pins hold everything the hub needs at run time as well.
wanted | cmp -s - "$stamp" && [ -x .venv/bin/python ] && exit 0

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

find_python() {
    suitable=
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        suits "$candidate" || continue
        can_make_venv "$candidate" && { python=$candidate; return; }
        suitable=$candidate # the last is the plainest: python3
    done
    if [ -n "$suitable" ]; then
        say "$suitable is here, but the part of it that makes virtual environments is not."
        say "Install it with:  sudo apt install $suitable-venv"
    else
        say "Hearth needs Python 3.11 or newer, and none was found here" \
            "(python3 is $(python3 -V 2>/dev/null || echo missing))."
        say "On Debian 12, Ubuntu 24.04 or newer:  sudo apt install python3 python3-venv"
    fi
    exit 1
}

healthy() { .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))'; }
# Scripts in a virtual environment hold its path: after a move of the folder it is made again.
moved() { [ -e "$stamp" ] && [ "$(head -n 1 "$stamp")" != "$(pwd)" ]; }

if moved || ! healthy 2>/dev/null; then
    find_python
    say "Making a virtual environment in .venv with $("$python" -V)."
    "$python" -m venv --clear .venv
fi

case $name in
    dev) size="the hub and its developers' tools, about 70 packages; two minutes the first time" ;;
    *) size="about 45 packages, 30 MB; a minute or two the first time" ;;
esac
say "Installing the pinned packages of $lock ($size)."
export PIP_DISABLE_PIP_VERSION_CHECK=1
if ! .venv/bin/python -m pip install --require-hashes --progress-bar on -r "$lock" >&2; then
    say
    say "Installing did not work; pip's own words are above. Without a network it can't; otherwise" \
        "try again: what was downloaded is kept."
    exit 1
fi
.venv/bin/python -m pip install --quiet --no-build-isolation --no-deps --no-index -e . >&2
wanted > "$stamp"
[ "$name" = runtime ] || { pwd && cat pyproject.toml requirements/runtime.txt; } \
    > .venv/installed-runtime.txt
say "Installed."
