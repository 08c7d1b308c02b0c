"""Print the lowest version that pyproject.toml allows of each dependency, as constraints for pip."""

import re
import tomllib
from itertools import chain
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
for wanted in chain(project["dependencies"], *project["optional-dependencies"].values()):
    if not wanted.startswith(f"{project['name']}["):
        found = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?>=([\d.]+)", wanted)
        if not found:
            raise SystemExit(f"{wanted}: write it as NAME>=VERSION")
        print(f"{found[1]}=={found[2]}")
