#!/usr/bin/env bash
# The one door of the project: sets up what is missing, then runs a command. `./build.sh help` lists them.
set -euo pipefail
export CALLED_FROM=$PWD # where names of files that are given begin
unset CDPATH
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

node_least=20.13 # as package.json's "engines" has it; the tests use what came with it
own_node=$PWD/commands/node/node_modules/node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/bin/node
node= # the Node.js that runs the commands

help() {
	cat <<'TEXT'
./build.sh [COMMAND] [OPTIONS]          ./build.sh COMMAND --help says more

Without a board and without the Moddable SDK:
  run              virtual board and inbox: press the button (the default)
  send             try a real mail account from the desk
  test [FILTER]    all tests, or those whose file or name contains FILTER
  faults           all that can go wrong, at each place, counted: takes long
  bench [FILTER]   what a mail costs on the chip's processor, counted
  configure        ask for Wi-Fi and mail account, write manifest_local.json
  doctor           what is there, what is missing, what to type
  try-fresh        the first run, and all tests, in a bare Debian (as root)
  clean [--all]    delete what was built; --all: node_modules too
  help             this text

With the Moddable SDK (./build.sh setup brings it):
  sim              build the app and start it in the Moddable simulator
  build            build the firmware
  chip             the firmware on an emulated ESP8266, with the inbox
  flash            build the firmware and write it to the board
  monitor          show what the board says on the serial line
  setup            install the Moddable SDK and the ESP8266 toolchain
TEXT
}

note() { printf '%s\n' "$*" >&2; }
fail() { note "build.sh: $1"; shift; for line in "$@"; do note "  $line"; done; exit 1; }

# cause OUTPUT: what is behind a failure and what to do, in two lines, where it is one of those that people meet
cause() {
	local path
	case $1 in
		*ENOSPC* | *EDQUOT* | *"No space left"* | *"no space left"* | *"quota exceeded"*)
			echo "The disk is full."
			df -h . | awk 'END { print "Make room: " $4 " are left on " $NF "." }'
			;;
		*EACCES* | *EPERM* | *EROFS* | *"ermission denied"* | *"ead-only file system"*)
			path=$(sed -n -E "s/^.*(, [a-z]+ '|(error|ERR!) path )(\/.*[^'])'?$/\3/p" <<<"$1" | head -n 1)
			echo "${path:-Something in $PWD} may not be written."
			echo "If another user, such as root, has made it, delete it or take it over: sudo chown -R \"\$USER\" FOLDER"
			;;
		*EAI_AGAIN* | *ENOTFOUND* | *ECONNREFUSED* | *ECONNRESET* | *ETIMEDOUT* | *ENETUNREACH* | *EHOSTUNREACH* | \
			*ENETDOWN* | *ERR_SOCKET_TIMEOUT* | *ENOTCACHED* | *"Temporary failure resolving"* | *"Could not resolve"* | \
			*"Could not connect"* | *"network timeout"*)
			echo "The network cannot be reached."
			echo "It is needed once; after that everything here works without."
			;;
		*SELF_SIGNED_CERT* | *UNABLE_TO_GET_ISSUER* | *UNABLE_TO_VERIFY_LEAF* | *CERT_HAS_EXPIRED* | *CERT_NOT_YET_VALID*)
			echo "The certificate of the server with the packages is not trusted here."
			echo "Look at the clock; where a proxy has its own authority, name its file: export NODE_EXTRA_CA_CERTS=FILE"
			;;
		*EINTEGRITY*)
			echo "A package is not the one whose checksum is in the lock file."
			echo "Try npm cache clean --force; if it stays so, do not trust the server or the proxy that it came from."
			;;
		*"Could not get lock"* | *"Unable to lock"* | *"dpkg was interrupted"*)
			echo "Another program is installing packages, or was stopped in the middle."
			echo "Wait for it, or mend it: sudo dpkg --configure -a"
			;;
		*) return 1 ;;
	esac
}

# need_room MEGABYTES: on the disk that the project is on
need_room() {
	local left
	left=$(df -Pm . 2>/dev/null | awk 'END { print $4 }') || return 0
	[ "${left:-$1}" -ge "$1" ] || fail "The disk is full: $left MB are left, and $1 MB are needed." "Make room on it."
}

# quietly WHAT COMMAND...: runs the command; if it fails the cause is told, or all that it said
quietly() {
	local what=$1 output reason
	shift
	output=$("$@" 2>&1 </dev/null) && return
	if reason=$(cause "$output"); then
		fail "$what failed. ${reason%%$'\n'*}" "${reason#*$'\n'}"
	fi
	note "$output"
	fail "$what failed. What it said is above."
}

# need_folder: whether the project can work where it is is known before anything is written
need_folder() {
	local folder
	# Node.js imports from no path with a backslash, and TypeScript takes * for a pattern.
	case $PWD in
		*[\\*]*) fail "The project cannot work in a folder with a backslash or an asterisk in its name: $PWD" "Move it." ;;
	esac
	if command -v iconv >/dev/null && ! printf %s "$PWD" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1; then
		fail "The project cannot work in a folder whose name is not UTF-8." "Rename it."
	fi
	if [ ! -x build.sh ] && [ -n "$(find build.sh -perm -u+x)" ]; then
		fail "No program can be run in $PWD: its disk is mounted noexec." "Copy the project to another disk."
	fi
	for folder in "$PWD" build build/node build/engine node_modules; do
		[ ! -d "$folder" ] || [ -w "$folder" ] ||
			fail "$folder may not be written: it is another user's, such as root's, or read-only." \
				"Take it over (sudo chown -R \"\$USER\" .), or copy the project to a folder of your own."
	done
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

# is_new_node PROGRAM: whether it is a Node.js that runs here, and new enough
is_new_node() {
	local version
	version=$(NODE_OPTIONS='' "$1" --version 2>/dev/null) || return
	[[ $version =~ ^v([0-9]+)\.([0-9]+)\. ]] || return
	[ $((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2])) -ge $((${node_least%.*} * 1000 + ${node_least#*.})) ]
}

choose_node() {
	for node in "$(command -v node)" "$own_node"; do
		if is_new_node "$node"; then return; fi
	done
	return 1
}

# npm has Node.js as a package for Linux, a plain program without a script; an old npm on an old Node.js can fetch it.
bring_node() {
	[ "$(uname -s)" = Linux ] && command -v npm >/dev/null || return
	case $(uname -m) in x86_64 | aarch64) ;; *) return 1 ;; esac
	need_room 250
	note "Fetching Node.js for this project, once"
	quietly "npm ci for Node.js" npm_ci commands/node
	# npm leaves out what it cannot fetch, for it is optional: of two processors' programs one is wanted
	is_new_node "$own_node" || note "npm has brought none that runs here; it takes a network, and a C library of glibc."
}

need_node() {
	local old
	choose_node && return
	command -v npm >/dev/null || ! can_install || install nodejs npm
	if ! choose_node; then
		bring_node && choose_node || no_node
	fi
	# what the commands start looks for it, too; a colon would end the path
	case $node in "$own_node") case $PWD in *:*) ;; *) export PATH=${own_node%/*}:$PATH ;; esac ;; esac
}

no_node() {
	local version what="Node.js is missing."
	version=$(NODE_OPTIONS='' node --version 2>/dev/null) && what="Node.js ${version#v} is too old, and npm brings no newer one here."
	fail "$what" "Install Node.js $node_least or newer: https://nodejs.org or your system's packages." \
		"On Debian or Ubuntu: sudo apt-get install nodejs npm; where that is too old, ./build.sh fetches a newer one with it."
}

# npm_ci FOLDER: what is in npm's cache needs no network; where there is none npm does not try for minutes
npm_ci() {
	(cd -- "$1" && npm ci --no-progress --prefer-offline --fetch-retry-mintimeout=1000 --fetch-retry-factor=2)
}

# what_for: for what the packages are installed
what_for() { uname -sm; cat package-lock.json; }

need_packages() {
	local marker=node_modules/.installed-for
	[ -e "$marker" ] && what_for | cmp -s - "$marker" && return
	# npm would empty what the link leads to
	[ ! -L node_modules ] || fail "node_modules is a link to packages of another time." "Remove the link: rm node_modules"
	command -v npm >/dev/null || ! can_install || install npm
	command -v npm >/dev/null || fail "npm is missing." "It comes with Node.js; on Debian: sudo apt-get install npm"
	need_room 250
	note "Fetching npm's packages"
	quietly "npm ci" npm_ci .
	# what is for this machine alone is optional to npm: it says nothing where it cannot fetch that
	tsc --version >/dev/null 2>&1 || fail "npm has not brought all: TypeScript does not run here." "Try again: ./build.sh clean --all"
	what_for >"$marker"
}

tsc() { "$node" node_modules/typescript/bin/tsc "$@"; }

compile() { quietly "Compiling the commands" tsc -p tsconfig.json; }

# CC names another compiler.
# shellcheck disable=SC2086
compiles() { ${CC:-gcc} "$@" -x c -o /dev/null - -lm <<<'#include <math.h>
int main(void) { return 0; }'; } >/dev/null 2>&1

has_compiler() { compiles && command -v make >/dev/null; }

makes_32_bit() { compiles -m32; }

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

# The engine for the chip's processor takes Debian's compiler for it, which wants the sources of its own version. QEMU emulates
# that processor faster than the project's own core, and may be missing.
need_lx106() {
	local packages="gcc-xtensa-lx106 picolibc-xtensa-lx106-elf make xz-utils" source
	has_lx106 && return
	# shellcheck disable=SC2086
	! can_install || install $packages qemu-system-misc
	source="gcc-$(lx106_version)-source"
	has_lx106 || ! can_install || install "$source"
	has_lx106 ||
		fail "The emulated ESP8266 processor needs packages that are not here." \
			"On Debian: sudo apt-get install $packages $source"
}

# The chip's compiler's, or that of the one to be had: 12 on Debian 12, 13 on Debian 13.
lx106_version() {
	{ xtensa-lx106-elf-gcc -dumpversion || apt-cache policy gcc-xtensa-lx106 | sed -n 's/^ *Candidate: //p'; } 2>/dev/null |
		sed -n 's/^\([0-9][0-9]*\).*/\1/p' | grep . || echo 13
}

# What the emulated ESP8266 is built from: its network is libslirp.
need_chip() {
	has_chip || ! can_install || (install gcc make libc6-dev libslirp-dev) || true
}

has_chip() { has_compiler && echo '#include <slirp/libslirp.h>' | gcc -x c -fsyntax-only -; } >/dev/null 2>&1

# One of those that bench --compare compares with.
need_msmtp() {
	command -v msmtp >/dev/null || ! can_install || (install msmtp) || true
}

has_lx106() {
	command -v xtensa-lx106-elf-gcc && command -v make &&
		[ -e /usr/lib/xtensa-lx106-elf/lib/libc.a ] && ls /usr/src/gcc-*/gcc-*.tar.xz
} >/dev/null 2>&1

# An SDK that xs-dev has installed is found without a new login.
find_sdk() {
	local exports=${HOME:-}/.local/share/xs-dev-export.sh
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
	exec "$node" --enable-source-maps "build/node/commands/$name.js" "$@"
}

case ${1:-} in
	-h | --help) set -- help ;;
	"" | -*) set -- run "$@" ;;
esac
command=$1
shift

case $command in clean | help) ;; *) need_folder ;; esac

if [ "$command" = faults ]; then
	export FAULTS=all POWER_CUTS=all SOAK=all CROWD=all
	command=test
	set -- faults "$@"
fi

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
	configure | doctor | try-fresh)
		need_node
		need_packages
		compile
		find_sdk
		node_command "$command" "$@"
		;;
	chip)
		need_node
		need_packages
		compile
		case " $* " in *" --help "* | *" -h "*) ;; *) need_chip ;; esac
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
			"") quietly "clean" rm -rf build ;;
			--all) quietly "clean --all" rm -rf build node_modules commands/node/node_modules ;;
			--help | -h) echo "./build.sh clean [--all]: deletes build/; --all: node_modules/ and a fetched Node.js, too." ;;
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
