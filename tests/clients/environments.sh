# Sourced by the scripts beside it: where things are, and how their environments are made.
# shellcheck shell=bash
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "$target/clients"
target=$(cd "$target" && pwd)
environments=$target/clients

say() { printf '\n== %s\n' "$*"; }

# A Python environment with exactly what a requirements file says; made once.
python_environment() {
  local folder=$environments/$1 wanted=$here/$1/requirements.txt
  if ! cmp -s "$wanted" "$folder/made-of.txt"; then
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
    cp "$wanted" "$folder/made-of.txt"
  fi
}
