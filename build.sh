#!/usr/bin/env bash
# The one door of the project: sets up what is missing, then runs a command. `./build.sh help` lists them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

help() {
	cat <<'TEXT'
./build.sh [COMMAND] [OPTIONS]          ./build.sh COMMAND --help says more

Without a board and without the Moddable SDK:
  run                  the virtual board and an inbox: press its button, read the mail (the default)
  send                 try a real mail account from the desk
  test [FILTER]        all tests, or those whose file or name contains FILTER
  configure            ask for Wi-Fi and mail account, check them, write manifest_local.json
  doctor               what is there, what is missing, what to type
  clean [--all]        delete what was built; --all: node_modules too
  help                 this text

With the Moddable SDK (./build.sh setup brings it):
  sim                  build the app and start it in the Moddable simulator
  build                build the firmware
  flash                build the firmware and write it to the board
  monitor              show what the board says on the serial line
  setup                install the Moddable SDK and the ESP8266 toolchain with xs-dev
TEXT
}

note() { printf '%s\n' "$*" >&2; }
fail() { note "build.sh: $1"; shift; for line in "$@"; do note "  $line"; done; exit 1; }

# quietly WHAT COMMAND...: runs the command; its output is shown only if it fails
quietly() {
	local what=$1 output
	shift
	if ! output=$("$@" 2>&1 </dev/null); then
		note "$output"
		fail "$what failed. What it said is above."
	fi
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
	note "Installing $*"
	apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 </dev/null ||
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } </dev/null
}

need_node() {
	if ! command -v node >/dev/null && can_install; then
		quietly "Installing Node.js" apt_install nodejs npm
	fi
	command -v node >/dev/null ||
		fail "Node.js is missing." "Install Node.js 20 or newer: https://nodejs.org or your system's packages."
	local version
	version=$(node --version)
	version=${version#v}
	[ "${version%%.*}" -ge 20 ] ||
		fail "Node.js $version is too old." "Install Node.js 20 or newer: https://nodejs.org"
	command -v npm >/dev/null || fail "npm is missing." "It comes with Node.js; on Debian: apt-get install npm"
}

need_compiler() {
	if ! { command -v cc && command -v make; } >/dev/null; then
		can_install || fail "A C compiler and make are missing; the virtual board needs them." \
			"On Debian or Ubuntu: sudo apt-get install gcc make libc6-dev gcc-multilib" \
			"On macOS: xcode-select --install"
		apt_install gcc make libc6-dev >/dev/null
	fi
}

# With a 32-bit compiler the virtual board's memory figures are those of the chip. Without, all works the same.
offer_32_bit() {
	[ "$(uname -m)" = x86_64 ] && ! compiles_32_bit || return 0
	if can_install && [ ! -e build/engine ]; then
		apt_install gcc-multilib >/dev/null || true
	fi
	compiles_32_bit || [ -e build/engine ] ||
		note "This compiler makes no 32-bit programs, so the virtual board is built with 64 bits:" \
			"its memory figures are not those of the chip. On Debian: sudo apt-get install gcc-multilib"
}

compiles_32_bit() { echo '#include <stdio.h>' | cc -m32 -x c -fsyntax-only - 2>/dev/null; }

need_packages() {
	[ node_modules/.package-lock.json -nt package-lock.json ] && return
	note "Fetching npm's packages"
	quietly "npm ci" npm ci --no-progress
}

compile() {
	quietly "Compiling the commands" node_modules/.bin/tsc -p tsconfig.json
}

need_engine() {
	need_compiler
	offer_32_bit
	[ -e build/engine ] || note "Building the virtual board's engine (a minute, once)"
	quietly "Building the virtual board's engine" make -C hardware/virtual/engine
}

# node_command NAME OPTIONS...: the commands themselves are in commands/
node_command() {
	local name=$1
	shift
	exec node --enable-source-maps "build/node/commands/$name.js" "$@"
}

command=${1:-run}
[ $# -eq 0 ] || shift

case $command in
	run | send | test)
		need_node
		need_packages
		compile
		case " $* " in *" --help "*) ;; *) need_engine ;; esac
		node_command "$command" "$@"
		;;
	configure | doctor)
		need_node
		need_packages
		compile
		node_command "$command" "$@"
		;;
	sim | build | flash | monitor | setup)
		need_node
		need_packages
		compile
		node_command sdk "$command" "$@"
		;;
	clean)
		case ${1:-} in
			"") rm -rf build ;;
			--all) rm -rf build node_modules ;;
			--help) note "./build.sh clean [--all]: deletes build/; --all: node_modules/ too. manifest_local.json stays." ;;
			*) fail "clean: unknown option $1" ;;
		esac
		;;
	help | --help | -h) help ;;
	-*) node_command_options=("$command" "$@"); exec "$0" run "${node_command_options[@]}" ;;
	*) note "build.sh: there is no command $command."; help >&2; exit 64 ;;
esac
