"""Word lists of the rule-based named-entity recogniser, and the script that builds them."""
