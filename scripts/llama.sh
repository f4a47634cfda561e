#!/bin/sh
# Installs the runtime of the local model (llama-cpp-python), which is compiled on this machine.
#
#     CMAKE_ARGS=-DGGML_CUDA=on scripts/llama.sh      your own CMAKE_ARGS are added to ours
set -eu
cd "$(dirname "$0")/.."

lock=requirements/llama.txt
stamp=.venv/installed-llama.txt
flags="-DLLAVA_BUILD=OFF '-DCMAKE_PROJECT_llama.cpp_INCLUDE=$(pwd)/scripts/llama.cmake' ${CMAKE_ARGS:-}"
wanted() { pwd && printf '%s\n' "$flags" && cat "$lock"; }
say() { printf '%s\n' "$*" >&2; }

if wanted | cmp -s - "$stamp" && .venv/bin/python -c 'import llama_cpp' 2>/dev/null; then
    say "The runtime of the local model is installed already."
    exit 0
fi

have() { command -v "$1" >/dev/null 2>&1; }
cc=${CC:-cc} cxx=${CXX:-c++} # either may be "ccache gcc"
if ! have "${cc%% *}" || ! have "${cxx%% *}"; then
    say "The local model's runtime is compiled here, and this machine has no C++ compiler."
    say "Install one, then type make llama again:  sudo apt install build-essential"
    exit 1
fi
free_kib=$(df -Pk . | awk 'NR == 2 { print $4 }')
if [ "$free_kib" -lt 1500000 ]; then
    say "Compiling needs 1.5 GB of free disk; here are $((free_kib / 1024)) MB. Free some and try again."
    exit 1
fi

scripts/setup.sh runtime
say "Compiling llama.cpp for this machine: four minutes on two cores, twenty on a small board."
say "The hub can run meanwhile. Each line below is a file that is compiled."
export PIP_DISABLE_PIP_VERSION_CHECK=1
.venv/bin/python -m pip install --require-hashes -r requirements/llama-build.txt >&2
# One short line a file, not its whole command. And --no-cache-dir, because pip would hand out a
# wheel that was built earlier with other flags.
export SKBUILD_CMAKE_VERBOSE=false
if ! CMAKE_ARGS=$flags .venv/bin/python -m pip install --verbose --no-cache-dir \
    --no-build-isolation --require-hashes -r "$lock" >&2; then
    say
    say "Compiling did not work; the first 'error:' above says why. The hub works without it:" \
        "only the local model is missing."
    exit 1
fi
.venv/bin/python -c 'import llama_cpp'
wanted > "$stamp"
say "The runtime of the local model is installed. A running hub finds it after a restart."
