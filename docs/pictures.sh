#!/usr/bin/env bash
# Makes every picture in docs anew, from the program as it stands here.
set -euo pipefail
cd "$(dirname "$0")/.."
go -C docs/pictures run . "$PWD"
