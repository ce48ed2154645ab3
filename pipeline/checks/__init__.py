"""Pure checks: words and boxes in, findings out. No image, model, file or database."""
