"""`python -m tests.sample_manual` draws the sample manual again, with its truth file."""

from tests.sample_manual.draw import SAMPLE, write_sample, write_truth

sums = write_sample(SAMPLE)
facts = write_truth(sums)
size = sum((SAMPLE / path).stat().st_size for path in sums)
print(f"{len(sums)} files, {size / 1e6:.2f} MB, {facts} facts: {SAMPLE}")
