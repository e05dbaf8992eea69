"""One module per command of ``grade``: each parses, calls the engine and renders."""
