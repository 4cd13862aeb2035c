#!/usr/bin/env bash
# Exact resume under kill -9: trains dictionaries in one go, then again while killing it at random moments (20 times), then to the end, and
# compares the final weights byte for byte.
#
#   tests/kill-and-resume.sh [KILLS] [INTERP] [stored|live]
#
# KILLS is the number of kills (20); INTERP the program (the debug build's); stored trains on captured activations, live on those of the running
# model. Prints one line and exits 0 when the weights are the same.
set -euo pipefail
kills=${1:-20}
root=$(cd "$(dirname "$0")/.." && pwd)
interp=${2:-$root/artifacts/bin/Interp.Cli/debug/interp}
mode=${3:-stored}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export INTERP_WORKSPACE=$work/workspace
options=(--steps 6000 --batch-size 512 --width 128,256 --target-l0 8 --architecture jump-relu,batch-top-k --checkpoint-every 50 --evaluate-every 500)

if [ "$mode" = live ]; then
  source=("$root/models/clock-59" --live --buffer-rows 20000)
else
  "$interp" capture "$root/models/clock-59" --out "$work/acts" > "$work/log" 2>&1
  source=(--activations "$work/acts")
fi

"$interp" atoms train "${source[@]}" --out "$work/whole" "${options[@]}" > "$work/log" 2>&1

killed=0
while [ "$killed" -lt "$kills" ]; do
  "$interp" atoms train "${source[@]}" --out "$work/killed" --resume "${options[@]}" > "$work/log" 2>&1 &
  process=$!
  sleep "$(awk -v seed="$RANDOM" 'BEGIN { srand(seed); printf "%.3f", 0.5 + 3.5 * rand() }')"
  if ! kill -9 "$process" 2> /dev/null; then
    wait "$process" || { cat "$work/log"; exit 1; }
    echo "kill-and-resume: the run ended after $killed kills: raise --steps in this script" >&2
    exit 1
  fi
  wait "$process" 2> /dev/null || true
  killed=$((killed + 1))
done

"$interp" atoms train "${source[@]}" --out "$work/killed" --resume "${options[@]}" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
compared=0
while read -r file; do
  cmp "$file" "$work/killed/${file#"$work/whole/"}"
  compared=$((compared + 1))
done < <(find "$work/whole" -name sae_weights.safetensors)
[ "$compared" -eq 4 ]
stray=$(find "$work/killed" -name '*.tmp' -o -name 'training-state*' | wc -l)
[ "$stray" -eq 0 ] || { echo "kill-and-resume: $stray files were left behind" >&2; exit 1; }
echo "kill-and-resume: $mode, $kills kills, $compared dictionaries, final weights identical"
