#!/usr/bin/env bash
# The one door of the project: sets up what is missing, then runs a command. `./build.sh help` lists them.
set -euo pipefail
export CALLED_FROM=$PWD # where names of files that are given begin
cd "$(dirname "${BASH_SOURCE[0]}")"

help() {
	cat <<'TEXT'
./build.sh [COMMAND] [OPTIONS]          ./build.sh COMMAND --help says more

Without a board and without the Moddable SDK:
  run              virtual board and inbox: press the button (the default)
  send             try a real mail account from the desk
  test [FILTER]    all tests, or those whose file or name contains FILTER
  bench [FILTER]   what a mail costs on the chip's processor, counted
  configure        ask for Wi-Fi and mail account, write manifest_local.json
  doctor           what is there, what is missing, what to type
  clean [--all]    delete what was built; --all: node_modules too
  help             this text

With the Moddable SDK (./build.sh setup brings it):
  sim              build the app and start it in the Moddable simulator
  build            build the firmware
  flash            build the firmware and write it to the board
  monitor          show what the board says on the serial line
  setup            install the Moddable SDK and the ESP8266 toolchain
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

# can_install: whether missing packages can be installed here without asking
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install() {
	note "Installing $*"
	export DEBIAN_FRONTEND=noninteractive
	apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 </dev/null && return
	quietly "apt-get update" apt-get update
	quietly "apt-get install" apt-get install -y --no-install-recommends "$@"
}

need_node() {
	command -v node >/dev/null || ! can_install || install nodejs npm
	command -v node >/dev/null ||
		fail "Node.js is missing." "Install Node.js 20 or newer: https://nodejs.org or your system's packages."
	local version
	version=$(node --version)
	version=${version#v}
	[ "${version%%.*}" -ge 20 ] ||
		fail "Node.js $version is too old." "Install Node.js 20 or newer: https://nodejs.org"
	command -v npm >/dev/null || fail "npm is missing." "It comes with Node.js; on Debian: apt-get install npm"
}

need_packages() {
	[ node_modules/.package-lock.json -nt package-lock.json ] && return
	# npm would empty what the link leads to
	[ ! -L node_modules ] || fail "node_modules is a link to packages of another time." "Remove the link: rm node_modules"
	note "Fetching npm's packages"
	quietly "npm ci" npm ci --no-progress
	touch node_modules/.package-lock.json
}

compile() {
	quietly "Compiling the commands" node_modules/.bin/tsc -p tsconfig.json
}

has_compiler() { command -v gcc && command -v make && echo '#include <stdio.h>' | gcc -x c -fsyntax-only -; } >/dev/null 2>&1

makes_32_bit() { echo 'int main(void) { return 0; }' | gcc -m32 -x c -o /dev/null - -lm; } 2>/dev/null

# The virtual board builds its engine itself; this is what it takes.
need_engine() {
	[ -e build/engine ] && return
	has_compiler || ! can_install || install gcc make libc6-dev
	has_compiler ||
		fail "A C compiler and make are missing; the virtual board needs them." \
			"On Debian or Ubuntu: sudo apt-get install gcc make libc6-dev gcc-multilib" \
			"On macOS: xcode-select --install"
	if [ "$(uname -m)" = x86_64 ]; then
		makes_32_bit || ! can_install || install gcc-multilib
		makes_32_bit ||
			note "gcc makes no 32-bit programs here, so the virtual board is built with 64 bits: it works the same," \
				"but its memory figures are not those of the chip. On Debian or Ubuntu: sudo apt-get install gcc-multilib"
	fi
	note "Building the virtual board's engine, once"
}

# The chip's processor is emulated by Debian's packages; the engine for it is built by the first who needs it.
need_lx106() {
	local packages="gcc-xtensa-lx106 picolibc-xtensa-lx106-elf gcc-12-source qemu-system-misc make xz-utils"
	has_lx106 && return
	# shellcheck disable=SC2086
	! can_install || install $packages
	has_lx106 ||
		fail "The emulated ESP8266 processor needs packages that are not here." \
			"On Debian 12: sudo apt-get install $packages"
}

# One of those that bench --compare compares with.
need_msmtp() {
	command -v msmtp >/dev/null || ! can_install || (install msmtp) || true
}

has_lx106() {
	command -v xtensa-lx106-elf-gcc && command -v qemu-system-xtensa && command -v make &&
		[ -e /usr/lib/xtensa-lx106-elf/lib/libc.a ] && ls /usr/src/gcc-*/gcc-*.tar.xz
} >/dev/null 2>&1

# An SDK that xs-dev has installed is found without a new login.
find_sdk() {
	local exports=$HOME/.local/share/xs-dev-export.sh
	[ -z "${MODDABLE:-}" ] && [ -e "$exports" ] || return 0
	set +u
	# shellcheck disable=SC1090
	. "$exports"
	set -u
}

# node_command NAME OPTIONS...: the commands themselves are in commands/
node_command() {
	local name=$1
	shift
	exec node --enable-source-maps "build/node/commands/$name.js" "$@"
}

case ${1:-} in
	-h | --help) set -- help ;;
	"" | -*) set -- run "$@" ;;
esac
command=$1
shift

case $command in
	run | send | test | bench)
		need_node
		need_packages
		compile
		case "$command $* " in
			*" --help "* | *" -h "*) ;;
			*"--engine lx106 "* | *"--engine=lx106 "* | bench\ *) need_lx106 ;;
			*) need_engine ;;
		esac
		case "$command $* " in bench\ *--compare*) need_msmtp ;; esac
		[ "$command" != bench ] || find_sdk
		node_command "$command" "$@"
		;;
	configure | doctor)
		need_node
		need_packages
		compile
		find_sdk
		node_command "$command" "$@"
		;;
	sim | build | flash | monitor | setup)
		need_node
		need_packages
		compile
		find_sdk
		node_command sdk "$command" "$@"
		;;
	clean)
		case ${1:-} in
			"") rm -rf build ;;
			--all) rm -rf build node_modules ;;
			--help | -h) echo "./build.sh clean [--all]: deletes build/; --all: node_modules/ too." ;;
			*) note "clean: Unknown option '$1'."
				note "./build.sh clean --help tells what can be said."
				exit 64
				;;
		esac
		;;
	help) help ;;
	*)
		note "build.sh: there is no command $command."
		help >&2
		exit 64
		;;
esac
