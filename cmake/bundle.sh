#!/usr/bin/env bash
# Gathers what core needs from the distribution's packages into build/bundle, so that `./lab gpu-check` builds on a
# machine that has a compiler, CMake, ninja, CUDA and PyTorch and nothing else: copy the checkout with that folder.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
bundle=$root/build/bundle
packages=(libfmt-dev libfmt9 zlib1g-dev zlib1g libzstd-dev libzstd1 libssl-dev libssl3 libtomlplusplus-dev libtomlplusplus3
  nlohmann-json3-dev libcli11-dev libturbojpeg0-dev libturbojpeg0 libjpeg62-turbo)

rm -rf "$bundle.partial"
mkdir -p "$bundle.partial"
while IFS= read -r file; do
  [[ -f $file ]] || continue
  case $file in
    *.a | *.pc | */doc/* | */man/* | */engines-3/* | */ossl-modules/* | */libssl.so*) continue ;;
    /lib/*) to=$bundle.partial/usr$file ;;
    *) to=$bundle.partial$file ;;
  esac
  mkdir -p "$(dirname "$to")"
  cp -L "$file" "$to"  # links may point outside
done < <(dpkg -L "${packages[@]}")
rm -rf "$bundle"
mv "$bundle.partial" "$bundle"
du -sh "$bundle"
