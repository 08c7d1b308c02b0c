#!/usr/bin/env bash
# Makes an environment with data-juicer and this checkout, and runs the conformance test of its adapter.
# Usage: benchmarks/data_juicer.sh [FOLDER]; the environment stays in FOLDER (a new temporary one by default).
set -euo pipefail
cd "$(dirname "$0")/.."

environment=${1:-$(mktemp -d)}
[ -x "$environment/bin/python" ] || python3 -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check -e '.[data-juicer]' pytest hypothesis
"$environment/bin/python" -m pip list --disable-pip-version-check 2>/dev/null | grep -iE '^(py-data-juicer|datasets|numpy) '
du -sh "$environment"
"$environment/bin/python" -m pytest tests/test_integrations.py -m 'slow or not slow' -k 'data_juicer'
