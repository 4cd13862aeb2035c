#!/usr/bin/env bash
# Checks on a GPU: every kernel against float64, then times as ratios to plain torch operations in the same run and to the card's own rates.
#
#   tests/gpu/verify.sh build    make the bundle artifacts/gpu/interp-gpu-checks.tar.gz (needs .NET; no GPU, no libtorch)
#   tests/gpu/verify.sh run      run the bundle (needs the bundle, an NVIDIA driver, and for the comparison with torch a PyTorch; no .NET)
#   tests/gpu/verify.sh          build where there is dotnet, then run
#
# Writes the table to standard output and to OUT/gpu.md (OUT, or artifacts/gpu). Ends with 0 when all is good, 1 when not, 3 when there is no GPU.
# INTERP_LIBTORCH names another PyTorch or libtorch folder than python3's.
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

run() {
  [ -f "$bundle" ] || { echo "verify: there is no bundle: run tests/gpu/verify.sh build where there is .NET" >&2; return 1; }
  local out words=() torch=""
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  out=${OUT:-$root/artifacts/gpu}
  mkdir -p "$out"
  tar -C "$work" -xzf "$bundle"
  local checks=$work/checks/Interp.Gpu.Checks
  export XDG_DATA_HOME=$work/data DOTNET_gcServer=0
  mkdir -p "$XDG_DATA_HOME"
  if python3 -c 'import torch' 2> /dev/null; then
    torch=$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))')
    # cuBLAS as PyTorch brings it.
    local blas
    blas=$(python3 -c '
import glob, os, torch
site = os.path.dirname(os.path.dirname(torch.__file__))
found = sorted(glob.glob(site + "/nvidia/**/libcublas.so.*", recursive=True) + glob.glob(site + "/torch/lib/libcublas.so.*"))
print(found[-1] if found else "")')
    [ -z "$blas" ] || export INTERP_CUBLAS=${INTERP_CUBLAS:-$blas} LD_LIBRARY_PATH=$(dirname "$blas")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    if python3 -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
      timeout 240 python3 "$work/checks/baselines.py" "$work/baselines.json" >&2 && words+=(--baselines "$work/baselines.json") || echo "verify: no times of torch's own operations" >&2
    fi
  fi
  export INTERP_LIBTORCH=${INTERP_LIBTORCH:-$torch}
  if [ -n "$INTERP_LIBTORCH" ]; then
    # A libtorch of another version may crash: a process of its own finds out.
    if timeout 90 "$checks" --probe-torch > "$work/probe" 2>&1; then
      words+=(--torch)
    elif INTERP_LIBTORCH_ANY_VERSION=1 timeout 90 "$checks" --probe-torch > "$work/probe2" 2>&1; then
      export INTERP_LIBTORCH_ANY_VERSION=1
      words+=(--torch)
      echo "verify: using a libtorch of another version than 2.10, which was tried and computes right" >&2
    else
      { echo "verify: libtorch in $INTERP_LIBTORCH is not used:"; tail -2 "$work/probe"; [ ! -f "$work/probe2" ] || tail -2 "$work/probe2"; } >&2
    fi
  fi
  local status=0
  timeout 300 "$checks" "${words[@]}" --out "$out/gpu.md" || status=$?
  return "$status"
}

case ${1:-} in
  build) build ;;
  run) run ;;
  "") if command -v dotnet > /dev/null; then build; fi; run ;;
  *) echo "usage: tests/gpu/verify.sh [build | run]" >&2; exit 2 ;;
esac
