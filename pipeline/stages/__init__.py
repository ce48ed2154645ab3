"""One module a stage; each module's docstring is its specification (`manualqa help STAGE`)."""
