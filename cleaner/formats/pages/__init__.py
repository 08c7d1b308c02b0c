"""What pages hold beside elements with text: formulas, text that does not show, markup that no parser should see."""
