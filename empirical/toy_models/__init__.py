"""toy_models."""
