# Sourced by ./start and ./test: makes the virtual environment and keeps it up to date.

say() { printf '%s\n' "$*" >&2; }

find_python() {
  for candidate in "${PYTHON:-}" python3.11 python3 python; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  say "Python 3.11 was not found. On Debian 12:  sudo apt-get install python3.11 python3.11-venv"
  say "Elsewhere, point PYTHON at it:  PYTHON=/path/to/python3.11 $0"
  return 1
}

# Debian packages that are missing: installed when root, named otherwise.
need_packages() {
  missing=""
  for pair in "$@"; do
    program=${pair%%=*}
    package=${pair#*=}
    command -v "$program" >/dev/null 2>&1 || [ -e "$program" ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing$missing ..."
    # shellcheck disable=SC2086
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends $missing; } >/dev/null || return 1
  else
    say "Missing system packages:$missing"
    say "Install them with:  sudo apt-get install$missing"
    return 1
  fi
}

# The CPU build of torch: PyPI's own build for Linux brings gigabytes of GPU libraries.
install_torch() {
  wanted=$(grep '^torch==' requirements.txt)
  chosen=$(.venv/bin/pip install --quiet --dry-run --no-deps --ignore-installed --report - "$wanted" 2>/dev/null |
    .venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)["install"][0]["download_info"]["url"])' 2>/dev/null || true)
  case "$(uname -s) $chosen" in
    Darwin*) .venv/bin/pip install --quiet "$wanted" ;;
    *+cpu* | *%2Bcpu*) .venv/bin/pip install --quiet "$wanted" ;;
    *) .venv/bin/pip install --quiet --index-url https://download.pytorch.org/whl/cpu "$wanted" ;;
  esac
}

# prepare_venv FILE: .venv holds just what FILE pins; quick when it does already.
prepare_venv() {
  stamp=".venv/.installed-$(basename "$1")"
  fingerprint=$(cat requirements.txt "$1" | cksum)
  if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$fingerprint" ]; then
    return 0
  fi
  if [ ! -x .venv/bin/python ]; then
    python=$(find_python) || return 1
    say "Making the virtual environment ..."
    "$python" -m venv .venv || {
      say "python3.11-venv is missing:  sudo apt-get install python3.11-venv"
      rm -rf .venv
      return 1
    }
  fi
  say "Installing Python packages (a few minutes the first time) ..."
  .venv/bin/python -c 'import importlib.metadata as m, sys; sys.exit(m.version("torch").split("+")[0] != sys.argv[1])' \
    "$(sed -n 's/^torch==//p' requirements.txt)" 2>/dev/null || install_torch || return 1
  .venv/bin/pip install --quiet -r "$1" || return 1
  printf '%s' "$fingerprint" >"$stamp"
}
