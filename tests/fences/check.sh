#!/usr/bin/env bash
# The fences of the architecture: what each room may include and each program may link to.
#
#   check.sh includes SOURCE_DIR
#   check.sh sizes SOURCE_DIR
#   check.sh metadata SOURCE_DIR
#   check.sh links qt|qtgui|torch FILE     no symbol and no shared library of that kind in a program or library of ours
set -euo pipefail

failures=0
fail() { printf 'FAIL: %s\n' "$*"; failures=$((failures + 1)); }

sources() { find "$@" -name '*.cpp' -o -name '*.h' | sort; }

# none WHAT PATTERN FILE...: no line of the files matches.
none() {
  local what=$1 pattern=$2 found
  shift 2
  (($#)) || { fail "no file to look into for: $what"; return; }
  found=$(grep -nE "$pattern" "$@" /dev/null || true)
  [[ -z $found ]] || fail "$what:"$'\n'"$found"
}

# The rooms of core in the order of the architecture: each includes only those before it, and its own level.
levels=("parameters" "random" "data network" "topology" "exploration" "engines" "training" "store" "fetch" "experiments")

# The table of parameters takes its choices, defaults and meaning from the tables of later rooms; only here.
looks_ahead='core/parameters/(choices|config_builder|config_hash|config_idle|config_validate)\.cpp$'

roomOrder() {
  local level later files
  for ((level = 0; level < ${#levels[@]} - 1; ++level)); do
    later="${levels[*]:level + 1}"
    for room in ${levels[level]}; do
      mapfile -t files < <(sources "core/$room" | grep -vE "$looks_ahead")
      none "$room includes a later room" "#include \"(${later// /|})/" "${files[@]}"
    done
  done
}

checkIncludes() {
  cd "$1"
  local qt='#include *[<"](Q[A-Z]|Qt|qcustomplot)' torch='#include *[<"](torch|ATen|c10|caffe2)/' files
  mapfile -t files < <(sources core)
  none "core includes Qt" "$qt" "${files[@]}"
  mapfile -t files < <(sources core ui app | grep -vE '^core/engines/(masked|cuda)/')
  none "Torch outside its engines" "$torch" "${files[@]}"
  none "Torch in the public header of its engine" "$torch" core/engines/masked/masked_engine.h \
    core/engines/cuda/gpu_engine.h core/engines/cuda_plugin.h
  mapfile -t files < <(sources ui)
  none "the window includes an engine" '#include "engines/(sparse|masked|cuda)/' "${files[@]}"
  local engine
  for engine in sparse masked cuda; do
    mapfile -t files < <(sources core | grep -v "^core/engines/$engine/")
    none "engine $engine is included outside app" "#include \"engines/$engine/" "${files[@]}"
  done
  roomOrder
}

checkSizes() {
  cd "$1"
  local file lines
  while read -r lines file; do
    [[ $file == total ]] || ((lines <= 400)) || fail "$file has $lines lines: two rooms in one? The limit is 400"
  done < <(sources core ui app tests | xargs wc -l)
}

checkMetadata() {
  cd "$1"
  local id=io.github.itoplab.ITOPLab
  head -n 1 LICENSE | grep -q 'GNU GENERAL PUBLIC LICENSE' || fail "LICENSE is not the GPL"
  grep -q "<id>$id</id>" installer/$id.metainfo.xml || fail "the metadata have another id than their file"
  grep -q "^Icon=$id$" installer/$id.desktop || fail "the desktop file names another icon than is installed"
  if command -v desktop-file-validate >/dev/null; then
    desktop-file-validate installer/$id.desktop || fail "the desktop file is not valid"
  fi
  if command -v appstreamcli >/dev/null; then
    appstreamcli validate --no-net installer/$id.metainfo.xml || fail "the AppStream metadata are not valid"
  fi
}

# How libraries and undefined symbols of each kind look.
start='(^|[[:space:]])'
declare -A library=([qt]="${start}lib(Qt6|QCustomPlot)" [qtgui]="${start}lib(Qt6(Gui|Widgets|PrintSupport|Svg)|QCustomPlot)"
  [torch]="${start}lib(torch|c10)")
declare -A symbol=([qt]=' (_ZNK?[0-9]+Q[A-Z]|qt_|_ZN9QtPrivate)' [qtgui]=' _ZNK?[0-9]+Q(Widget|Gui|Image|Painter)'
  [torch]=' _ZNK?(5torch|2at|3c10)')

checkLinks() {
  local kind=$1 file=$2
  [[ -s $file ]] || fail "$file is missing"
  none "$file refers to $kind" "${symbol[$kind]}" <(nm -u "$file" 2>/dev/null)
  [[ $file == *.a ]] || none "$file loads $kind" "${library[$kind]}" <(ldd "$file")
}

case $1 in
  includes) checkIncludes "$2" ;;
  sizes) checkSizes "$2" ;;
  metadata) checkMetadata "$2" ;;
  links) checkLinks "$2" "$3" ;;
  *) fail "unknown check $1" ;;
esac
((failures == 0)) && echo "PASS: $*"
