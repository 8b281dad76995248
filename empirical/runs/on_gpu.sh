#!/usr/bin/env bash
# Ten minutes on a GPU: the CUDA path is compared with the processor, an epoch is timed beside its bare products, and then as many
# networks of a run are trained and measured as fit, each a bundle of its own, which is copied to OUT as soon as it is made.
#
#   empirical/runs/on_gpu.sh OUT [SECONDS] [RUN] [DEVICE] [FIRST]
#
# OUT: folder for the results. SECONDS: time for everything, 570 by default. RUN: cifar100-vgg16 by default, or a .toml file.
# DEVICE: cuda by default; cpu tries the script out. FIRST: number of the first network, so that another lease continues: 0.
# $DATA: where CIFAR-100 is, if it has not been brought in. Bundles of single networks are merged by
# python -m empirical merge RUN OUT/network-* --into verify/evidence
set -uo pipefail

out=${1:?"usage: on_gpu.sh OUT [SECONDS] [RUN] [DEVICE] [FIRST]"}
seconds=${2:-570} run=${3:-cifar100-vgg16} device=${4:-cuda} first=${5:-0}
ends=$((SECONDS + seconds))
cd "$(dirname "$0")/../.." || exit 1
mkdir -p "$out" || exit 1
out=$(cd "$out" && pwd)

left() { echo $((ends - SECONDS)); }
step() { echo "$(date -u +%H:%M:%S) $*, $(left) s left" | tee -a "$out/log.txt"; }
within() { timeout --kill-after=5 "$(left)" "$@"; }

if [ -n "${DATA:-}" ]; then
  step "bringing in CIFAR-100"
  within python -m empirical data cifar100 --from "$DATA" >> "$out/log.txt" 2>&1 || { step "failed, see $out/log.txt"; exit 1; }
fi

step "comparing $device with the processor"
if ! within python -m benchmarks.devices --device "$device" > "$out/devices.txt" 2>&1; then
  step "$device and the processor differ, or the comparison did not run: see $out/devices.txt; nothing is recorded"
  exit 1
fi

step "timing epochs of $run beside their products"
within python -m benchmarks.training "$run" --device "$device" --rounds 2 --json "$out/training.json" > "$out/training.txt" 2>&1 ||
  step "timing failed, see $out/training.txt"

network=$first
while [ "$(left)" -gt 10 ]; do
  step "network $network of $run"
  if ! bundle=$(within python -m empirical bundle "$run" --device "$device" --networks "$network" --workers 1 \
    --discard-checkpoints 2>> "$out/log.txt"); then
    step "network $network was not finished: see $out/log.txt"
    break
  fi
  cp -r "$bundle" "$out/network-$network" || exit 1
  network=$((network + 1))
done
step "$((network - first)) networks recorded in $out"
[ "$network" -gt "$first" ]
