#!/usr/bin/env bash
# Exact resume of fine-tuning under kill -9: tunes calendar in one go, then again while killing it at random moments (6 times a method), then
# to the end, and compares every file byte for byte.
#
#   tests/kill-and-resume-finetune.sh [KILLS] [INTERP]
#
# KILLS is the number of kills a method (6); INTERP the program (the debug build's). Prints one line a method and exits 0 when all bytes are
# the same.
set -euo pipefail
kills=${1:-6}
root=$(cd "$(dirname "$0")/.." && pwd)
interp=${2:-$root/artifacts/bin/Interp.Cli/debug/interp}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export INTERP_WORKSPACE=$work/workspace
options=(--text-file "$root/models/calendar/adapters/style.txt" --rows lines --without-end --length 32 --batch-size 32 --targets all-linear
  --learning-rate 0.003 --steps 240 --checkpoint-every 10 --evaluate-every 60 --save-every 80 --accumulate 2)

for method in full lora mps; do
  own=()
  [ "$method" = full ] || own=(--rank 4 --merge)
  "$interp" finetune "$root/models/calendar" --method "$method" --out "$work/$method" "${options[@]}" "${own[@]}" > "$work/log" 2>&1
  killed=0
  while [ "$killed" -lt "$kills" ]; do
    "$interp" finetune "$root/models/calendar" --method "$method" --out "$work/$method-killed" "${options[@]}" "${own[@]}" > "$work/log" 2>&1 &
    process=$!
    sleep "$(awk -v seed="$RANDOM" 'BEGIN { srand(seed); printf "%.3f", 1 + 4 * rand() }')"
    if ! kill -9 "$process" 2> /dev/null; then
      wait "$process" || { cat "$work/log"; exit 1; }
      echo "kill-and-resume-finetune: $method ended after $killed kills: raise --steps in this script" >&2
      exit 1
    fi
    wait "$process" 2> /dev/null || true
    killed=$((killed + 1))
  done
  "$interp" finetune "$root/models/calendar" --method "$method" --out "$work/$method-killed" "${options[@]}" "${own[@]}" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  diff -r "$work/$method" "$work/$method-killed"
  stray=$(find "$work" -maxdepth 1 \( -name '*.tmp' -o -name '*.training' \) | wc -l)
  [ "$stray" -eq 0 ] || { echo "kill-and-resume-finetune: $stray folders were left behind" >&2; exit 1; }
  echo "kill-and-resume-finetune: $method: $kills kills, $(find "$work/$method" -type f | wc -l) files identical"
done
