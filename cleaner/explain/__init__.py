"""Why a line went, and what two packs differ in."""
