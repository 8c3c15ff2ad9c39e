#!/usr/bin/env bash
# Check the types and the style of the pages' scripts. Node.js serves only for this, so where it is missing, or its
# packages cannot be had, this says so and lets the rest of `make check` count.
set -euo pipefail
cd "$(dirname "$0")"

skip() {
  echo "JavaScript checks skipped: $1"
  exit 0
}

command -v node >/dev/null && command -v npm >/dev/null || skip "Node.js and npm are not installed."
oldest=18
[ "$(node --version | sed -E 's/^v([0-9]+).*/\1/')" -ge "$oldest" ] || skip "Node.js $(node --version) is older than $oldest."

# npm is slow to find out that nothing changed; this is not.
stamp=node_modules/.installed
if ! cmp -s package-lock.json "$stamp"; then
  npm ci --no-audit --no-fund --ignore-scripts --loglevel=error || skip "npm could not install what package-lock.json names."
  cp package-lock.json "$stamp"
fi
npm run --silent check
echo "JavaScript checks passed."
