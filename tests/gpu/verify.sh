#!/usr/bin/env bash
# Checks on a GPU: every kernel against float64, then times as ratios to plain torch operations in the same run and to the card's own rates.
#
#   tests/gpu/verify.sh build    make the bundle artifacts/gpu/interp-gpu-checks.tar.gz (needs .NET; no GPU, no libtorch)
#   tests/gpu/verify.sh run      run the bundle (needs the bundle, an NVIDIA driver, and for the comparison with torch a PyTorch; no .NET)
#   tests/gpu/verify.sh          build where there is dotnet, then run
#
# Writes the tables to standard output, and to OUT/gpu.md (OUT, or artifacts/gpu) after each part and every few seconds within the first, so
# that a run that is cut short leaves what it found. The parts' time limits add up to 480 s; the most valuable come first.
# Ends with 0 when all is good, 1 when not, 3 when there is no GPU. INTERP_LIBTORCH names another PyTorch or libtorch folder than python3's.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bundle=$root/artifacts/gpu/interp-gpu-checks.tar.gz
most=$((60 * 1024 * 1024))

build() {
  local stage
  stage=$(mktemp -d)
  dotnet publish "$root/tests/gpu/Interp.Gpu.Checks" -c Release -r linux-x64 --self-contained -p:LibTorch=none -p:DebugType=none -v q -nologo -o "$stage/checks" >&2
  # Brought along by TorchSharp, used by nothing here.
  rm -rf "$stage"/checks/libSkiaSharp.so "$stage"/checks/libtorch "$stage"/checks/*.pdb "$stage"/checks/*.xml
  cp "$root/tests/gpu/baselines.py" "$stage/checks/"
  mkdir -p "$(dirname "$bundle")"
  tar -C "$stage" -cf - checks | gzip -9 > "$bundle.tmp"
  mv "$bundle.tmp" "$bundle"
  rm -rf "$stage"
  local size
  size=$(stat -c %s "$bundle")
  echo "verify: bundle of $((size / 1024 / 1024)) MB: $bundle" >&2
  [ "$size" -lt "$most" ] || { echo "verify: the bundle is larger than 60 MB" >&2; return 1; }
}

# part LIMIT WORDS…: one run of the program, with a table of its own; what all parts found so far becomes gpu.md.
part() {
  local limit=$1 own=0
  shift
  number=$((number + 1))
  echo "Not finished: this part ran out of time." > "$work/table-$number.md"
  # The file of the part lies beside the whole, so that it is there even when this script is killed.
  rm -f "$out/gpu-part.md"
  timeout "$limit" "$checks" "$@" --out "$out/gpu-part.md" || own=$?
  [ ! -f "$out/gpu-part.md" ] || mv "$out/gpu-part.md" "$work/table-$number.md"
  if [ "$own" -eq 124 ]; then
    echo "Not finished: this part ran into its limit of $limit s." | tee -a "$work/table-$number.md"
  fi
  [ "$own" -eq 3 ] || cat "$work"/table-*.md > "$out/gpu.md"
  return "$own"
}

# What python3's PyTorch is: its folder, its cuBLAS, whether it computes on the GPU; a line each. Nothing without one.
torch_of_python() {
  timeout 40 python3 - 2> /dev/null << 'PY' || true
import glob, os, torch
folder = os.path.dirname(torch.__file__)
found = sorted(glob.glob(os.path.dirname(folder) + "/nvidia/**/libcublas.so.*", recursive=True) + glob.glob(folder + "/lib/libcublas.so.*"))
print(folder)
print(found[-1] if found else "")
print("yes" if torch.cuda.is_available() else "no")
PY
}

baselines() {
  local limit=$1
  shift
  timeout "$limit" python3 "$work/checks/baselines.py" "$work/baselines.json" "$@" >&2 || echo "verify: not all times of torch's own operations ($*)" >&2
}

run() {
  [ -f "$bundle" ] || { echo "verify: there is no bundle: run tests/gpu/verify.sh build where there is .NET" >&2; return 1; }
  local worst=0 status folder="" blas="" computes="no" words=()
  number=0
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  out=${OUT:-$root/artifacts/gpu}
  mkdir -p "$out"
  tar -C "$work" -xzf "$bundle"
  checks=$work/checks/Interp.Gpu.Checks
  export XDG_DATA_HOME=$work/data DOTNET_gcServer=0
  mkdir -p "$XDG_DATA_HOME"

  # 130 s: every kernel against float64. It needs no torch.
  status=0
  part 130 --parts correctness --seconds 110 || status=$?
  [ "$status" -ne 3 ] || return 3
  [ "$status" -eq 0 ] || worst=1

  # 40 s: what PyTorch is there.
  { read -r folder; read -r blas; read -r computes; } < <(torch_of_python) || true
  [ -z "$blas" ] || export INTERP_CUBLAS=${INTERP_CUBLAS:-$blas} LD_LIBRARY_PATH=$(dirname "$blas")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}

  # 60 + 80 s: the training step and the cosines' histogram, with torch's own times.
  [ "$computes" != yes ] || baselines 60 step cosines
  part 80 --parts step,cosines --baselines "$work/baselines.json" || worst=1

  # 35 + 35 s: a libtorch of another version may crash, so a process of its own finds out.
  export INTERP_LIBTORCH=${INTERP_LIBTORCH:-$folder}
  if [ -n "$INTERP_LIBTORCH" ]; then
    if timeout 35 "$checks" --probe-torch > "$work/probe" 2>&1; then
      words+=(--torch)
    elif INTERP_LIBTORCH_ANY_VERSION=1 timeout 35 "$checks" --probe-torch > "$work/probe2" 2>&1; then
      export INTERP_LIBTORCH_ANY_VERSION=1
      words+=(--torch)
      echo "verify: using a libtorch of another version than 2.10, which was tried and computes right" >&2
    else
      { echo "verify: libtorch in $INTERP_LIBTORCH is not used:"; tail -2 "$work/probe"; [ ! -f "$work/probe2" ] || tail -2 "$work/probe2"; } >&2
    fi
  fi

  # 40 + 60 s: kernels over libtorch's tensors, and the other kernels' times.
  [ "$computes" != yes ] || baselines 40 rows sparse pairs
  part 60 --parts kernels "${words[@]}" --baselines "$work/baselines.json" || worst=1
  [ ${#words[@]} -gt 0 ] || echo "Left out: kernels over libtorch's tensors: no libtorch that TorchSharp can use was found." | tee -a "$out/gpu.md"
  return "$worst"
}

case ${1:-} in
  build) build ;;
  run) run ;;
  "") if command -v dotnet > /dev/null; then build; fi; run ;;
  *) echo "usage: tests/gpu/verify.sh [build | run]" >&2; exit 2 ;;
esac
