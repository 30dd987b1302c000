#!/usr/bin/env bash
# Gathers what core needs from the distribution's packages into build/bundle, so that `./lab gpu-check` builds on a
# machine that has a compiler, CMake, ninja, CUDA and PyTorch and nothing else: copy the checkout with that folder.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
bundle=$root/build/bundle
packages=(libfmt-dev libfmt9 zlib1g-dev zlib1g libzstd-dev libzstd1 libssl-dev libssl3 libtomlplusplus-dev libtomlplusplus3
  nlohmann-json3-dev libcli11-dev libcurl4-openssl-dev libarchive-dev libturbojpeg0-dev)

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
# What the libraries load in turn, but for those that come with any compiler.
libraries=$bundle.partial/usr/lib/x86_64-linux-gnu
ldd "$libraries"/*.so | awk '/=> \// { print $3 }' | sort -u |
  grep -vE '/(ld-linux|libc|libm|libdl|librt|libpthread|libresolv|libstdc\+\+|libgcc_s)[-.]' |
  while IFS= read -r file; do cp -Ln "$file" "$libraries/"; done
# Programs ask for a library by the name that is written into it.
for file in "$libraries"/*.so; do
  name=$(readelf -d "$file" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
  [[ -z $name || -e $libraries/$name ]] || ln -s "$(basename "$file")" "$libraries/$name"
done
# Equal files, once: links of the packages were followed above.
declare -A first
for file in "$libraries"/*.so*; do
  [[ ! -L $file ]] || continue
  sum=$(sha256sum <"$file")
  if [[ -n ${first[$sum]-} ]]; then ln -sf "${first[$sum]}" "$file"; else first[$sum]=$(basename "$file"); fi
done
rm -rf "$bundle"
mv "$bundle.partial" "$bundle"
du -sh "$bundle"
