#!/usr/bin/env bash
# Unpacks the source of the system's Abseil package into a folder, for builds that must instrument Abseil itself: the thread
# sanitizer takes the absl::Mutex of a library built without it for no lock at all. Debian and its relatives only; needs
# dpkg-dev, but neither root nor a change of the system's package sources. Silent if the folder is there.
#
# usage: cmake/fetch-abseil-source.sh <folder>
set -euo pipefail

folder=${1:?usage: cmake/fetch-abseil-source.sh <folder>}
[[ -e $folder/CMakeLists.txt ]] && exit 0
mkdir -p "$(dirname "$folder")"
folder=$(realpath -m "$folder")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/sources" "$work/lists/partial"

# The binary package sources of this system, asked for source packages instead.
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
  case $list in
    *.sources) sed 's/^Types:.*/Types: deb-src/' "$list" >"$work/sources/$(basename "$list")" ;;
    *.list) [[ -s $list ]] && sed -n 's/^deb\(-src\)\? /deb-src /p' "$list" | sort -u >"$work/sources/$(basename "$list")" ;;
  esac
done

apt=(apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/sources"
  -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
cd "$work"
"${apt[@]}" update || true # A third party's source without source packages does not matter.
"${apt[@]}" source abseil >/dev/null
rm -rf "$folder"
mv "$work"/abseil-*/ "$folder"
