"""Rule packs: schema, matching, detectors, judging."""
