#!/usr/bin/env bash
# Installs what the tests need, builds once, runs every test project, and checks the format meanwhile.
# The last line printed is "N passed, N failed"; the exit code is 0 only when nothing failed.
# Networks, mounts and other users take root: without it the script goes on by sudo, and gives the folder back to its owner at its end.
# Whatever keeps a test from passing counts as failed: a skip, a crashed host, a project without results.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2

solution=FaultTolerance.Orleans.sln
hang_limit=10m      # one test
project_limit=60m   # one test project

export PATH="$PATH:/usr/sbin:/sbin"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

passed=0
failed=0
results=  # the folder of the result files
lanes=()  # the test runs under way
format=   # the check of the format, beside it

say() { printf '\n== %s\n' "$*"; }

fail() {
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$*"
}

finish() { # [exit code]
    local code=${1:-0}
    [ "$failed" -eq 0 ] || [ "$code" -ne 0 ] || code=1
    if [ "$failed" -eq 0 ]; then
        rm -rf "$results"
    elif [ -n "$results" ]; then
        printf '\nThe result files are in %s\n' "$results"
    fi
    printf '\n%d passed, %d failed\n' "$passed" "$failed"
    exit "$code"
}

# ---- what the tests need ----

become_root() { # the script's arguments
    [ "$(id -u)" -ne 0 ] || return 0
    if can_sudo; then
        say "going on as root: the tests make networks and mount disks"
        exec sudo -E -H env "PATH=$PATH" "./$(basename "${BASH_SOURCE[0]}")" "$@"
    fi
    fail "not root, and no leave to become it by sudo: the tests make networks and mount disks"
    printf 'Run it as root, or where sudo may be used:\n  sudo -E -H env "PATH=$PATH" ./test.sh\n'
    finish 2
}

give_back() { # to the owner of the folder what root has written there
    [ "$(id -u)" -eq 0 ] && [ "$(stat -c %u .)" -ne 0 ] || return 0
    chown -R --no-dereference --reference=. .
    [ ! -d "$results" ] || chown -R --reference=. "$results"
}

require_sdk() {
    if ! command -v dotnet > /dev/null || ! dotnet --version > /dev/null 2>&1; then
        fail "no .NET SDK 10 was found"
        printf 'Install it, then run this script again:\n'
        printf '  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0\n'
        printf '  export DOTNET_ROOT="$HOME/.dotnet" PATH="$HOME/.dotnet:$PATH"\n'
        finish 2
    fi
}

has_postgres() { # Debian keeps the server's programs off PATH
    command -v postgres > /dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' > /dev/null
}

missing_packages() {
    has_postgres || echo postgresql
    command -v ip > /dev/null || echo iproute2
    command -v nft > /dev/null || echo nftables
    command -v curl > /dev/null || echo curl
}

install_missing() {
    local missing=()
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing ${missing[*]}"
    if command -v apt-get > /dev/null; then
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    fi
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" -gt 0 ] || return 0
    fail "missing and not installable from here: ${missing[*]}"
    printf 'Install the same programs your system'\''s way, then run this script again. On Debian or Ubuntu:\n'
    printf '  apt-get update\n  apt-get install -y --no-install-recommends %s\n' "${missing[*]}"
    finish 2
}

can_sudo() { # never waits for a password where nobody can type one
    command -v sudo > /dev/null && { sudo -n true 2> /dev/null || { [ -t 0 ] && sudo -v; }; }
}

# ---- the steps ----

build() {
    say "build"
    if ! dotnet build "$solution" -c Release -warnaserror -nodeReuse:false -p:UseSharedCompilation=false; then
        fail "the build"
        finish
    fi
}

# Beside the tests, most of which wait for silos: the whole takes a minute less.
start_format() {
    dotnet format "$solution" --verify-no-changes --no-restore > "$results/format.log" 2>&1 &
    format=$!
}

check_format() {
    say "format"
    if ! wait "$format"; then
        cat "$results/format.log"
        fail "the format (run: dotnet format)"
    fi
    format=
}

# Prints "<passed> <failed> <errors of the run itself>", and each test that did not pass, with what it says, on standard error.
sum_results() { # project, trx file
    awk -v RS='>' -v project="$1" '
        function attribute(name,    value) {
            if (!match($0, " " name "=\"[^\"]*\"")) return ""
            value = substr($0, RSTART, RLENGTH)
            sub(/^[^"]*"/, "", value)
            sub(/"$/, "", value)
            return value
        }
        function plain(text) {
            gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&#xD;/, "", text)
            gsub(/&amp;/, "\\&", text)
            return text
        }
        function quote(most,    lines, count, i) { # the text that ends here
            sub(/<\/[A-Za-z]+$/, "")
            count = split(plain($0), lines, "\n")
            for (i = 1; i <= count && i <= most; i++) printf "        %s\n", lines[i] > "/dev/stderr"
            if (count > most) printf "        ... (%d lines more)\n", count - most > "/dev/stderr"
        }
        /<UnitTestResult / {
            is_told = attribute("outcome") == "Passed"
            if (is_told) { passed++; next }
            failed++
            printf "FAILED  %s: %s (%s)\n", project, plain(attribute("testName")), attribute("outcome") > "/dev/stderr"
        }
        /<\/Message$/ && failed && !is_told { quote(12) }
        /<\/StackTrace$/ && failed && !is_told { quote(4); is_told = 1 }
        /<RunInfo / { is_error = attribute("outcome") == "Error" }
        /<\/Text$/ && is_error && !/\[FAIL\]/ { errors++ }   # a failed test is an error of the run, too
        END { print passed + 0, failed + 0, errors + 0 }
    ' "$2"
}

# `timeout` leads a process group of its own: whatever a test run left behind (a hung host, silos) ends with it.
stop_run() { # project
    [ ! -s "$results/$1.pid" ] || kill -KILL -- "-$(cat "$results/$1.pid")" 2> /dev/null
    rm -f "$results/$1.pid"
}

stop_runs() {
    local pid
    [ -n "$results" ] || return 0
    [ "${#lanes[@]}" -eq 0 ] || kill "${lanes[@]}" 2> /dev/null
    for pid in "$results"/*.pid; do
        [ ! -e "$pid" ] || stop_run "$(basename "$pid" .pid)"
    done
}

stop_format() {
    [ -z "$format" ] || kill "$format" 2> /dev/null
}

run_project() { # csproj
    local project run
    project=$(basename "$1" .csproj)
    timeout --kill-after=1m "$project_limit" \
        dotnet test "$1" --no-build -c Release -nodeReuse:false \
        --logger "trx;LogFileName=$project.trx" --results-directory "$results/$project" \
        --blame-hang-timeout "$hang_limit" --blame-hang-dump-type none > "$results/$project.log" 2>&1 &
    run=$!
    echo "$run" > "$results/$project.pid"
    wait "$run"
    echo "$?" > "$results/$project.code"
    stop_run "$project"
    flock "$results" cat <(say "$project") "$results/$project.log" # whole, whichever lane is first
}

run_lane() { # csproj...
    local csproj
    for csproj in "$@"; do
        run_project "$csproj"
    done
}

count_project() { # csproj
    local project code p=0 f=0 errors=0
    project=$(basename "$1" .csproj)
    code=$(cat "$results/$project.code" 2> /dev/null || echo "none")
    if [ ! -s "$results/$project/$project.trx" ]; then
        fail "$project: no results were written (exit code $code)"
        return
    fi
    read -r p f errors < <(sum_results "$project" "$results/$project/$project.trx")
    passed=$((passed + p))
    failed=$((failed + f))
    if [ "$((p + f))" -eq 0 ]; then
        fail "$project: no test was executed (exit code $code)"
    elif [ "$code" = 124 ] || [ "$code" = 137 ]; then
        fail "$project: stopped after $project_limit"
    elif [ "$errors" -gt 0 ] || { [ "$code" != 0 ] && [ "$f" -eq 0 ]; }; then
        fail "$project: the run was aborted (exit code $code)"
    fi
}

has_sources() { # folder
    [ -n "$(find "$1" -name '*.cs' -not -path '*/bin/*' -not -path '*/obj/*' -print -quit)" ]
}

# Two lanes: the scenarios with real processes mostly wait (for silos to start, for leases to end), all else runs beside them.
run_tests() {
    local csproj slow=() others=()
    for csproj in tests/*/*.Tests.csproj; do
        has_sources "$(dirname "$csproj")" || continue
        case $csproj in
            tests/Chaos/*) slow+=("$csproj") ;;
            *) others+=("$csproj") ;;
        esac
    done
    [ "$((${#slow[@]} + ${#others[@]}))" -gt 0 ] || fail "no test project was found"
    run_lane "${slow[@]}" &
    lanes+=($!)
    run_lane "${others[@]}" &
    lanes+=($!)
    wait "${lanes[@]}"
    lanes=()
    say "results"
    for csproj in "${slow[@]}" "${others[@]}"; do
        count_project "$csproj"
    done
}

trap 'stop_runs; stop_format; give_back' EXIT
trap 'exit 130' INT TERM
become_root "$@"
require_sdk
install_missing
build
results=$(mktemp -d "${TMPDIR:-/tmp}/fault-tolerance-results.XXXXXX") || { fail "no temporary folder"; finish 2; }
start_format
run_tests
check_format
finish
