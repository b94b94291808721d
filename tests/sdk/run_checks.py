"""Runs the check_* functions of one file in their order, in one process: run_checks.py checks_reviews [check_…]. One line of JSON each."""

import importlib
import inspect
import json
import sys
import traceback

out = sys.stdout
# What checks and the client print must not mix with the report.
sys.stdout = sys.stderr

area, *wanted = sys.argv[1:]
module = importlib.import_module(area)
own = [(name, value) for name, value in vars(module).items() if name.startswith("check_") and inspect.getmodule(value) is module]
for name, check in own:
    if wanted and name not in wanted:
        continue
    try:
        check()
        error = None
    except BaseException:
        error = traceback.format_exc()
    print(json.dumps({"check": name, "error": error}), file=out, flush=True)
