"""Models of one's own that turn texts into vectors.

A round and a buddy index can take the meaning of texts from any model: whatever is called with
texts and gives an array. `SentenceModel` is one for the models of sentence-transformers.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from matchkit.errors import ProgramError


class Embedder(Protocol):
    """Turns texts into vectors: a function, or an object that can be called.

    What it gives for a text must depend on nothing else, or results are no longer the same
    bytes for the same people.

    Examples
    --------
    >>> def embedder(texts):
    ...     return [[text.count("a"), text.count("b")] for text in texts]
    >>> embedded(embedder, ["abba", "a"]).tolist()
    [[2.0, 2.0], [1.0, 0.0]]
    """

    def __call__(self, texts: Sequence[str], /) -> Any:
        """Return a vector for each text.

        Parameters
        ----------
        texts : sequence of str
            One or more, none of them twice.

        Returns
        -------
        array of finite numbers, shape (texts, dimensions)
        """


def embedded(embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return a vector for each text, looked over.

    Parameters
    ----------
    embedder : Embedder
    texts : sequence of str
        One or more.

    Returns
    -------
    float64 array (texts, dimensions)

    Raises
    ------
    ProgramError
        If what the embedder gives is no array of finite numbers with a row for each text.
    """
    found = embedder(texts)
    try:
        vectors = np.asarray(found, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ProgramError(
            f"the embedder gave a {type(found).__name__} that is no array of numbers ({error}); "
            "it must give a row of numbers for each text"
        ) from error
    if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.shape[1]:
        raise ProgramError(
            f"the embedder gave an array of shape {vectors.shape} for {len(texts)} texts; "
            f"it must be ({len(texts)}, dimensions)"
        )
    if not np.isfinite(vectors).all():
        at = int(np.flatnonzero(~np.isfinite(vectors).all(axis=1))[0])
        raise ProgramError(f"the embedder gave numbers that are not finite for {texts[at]!r}")
    return vectors


class SentenceModel:
    """A model of sentence-transformers as an embedder, from a folder: no network is needed.

    Needs the extra ``[embed]``: ``pip install 'matchkit[embed]'``.

    Parameters
    ----------
    folder : path
        Where the model lies, as its publisher offers it for download or as
        ``SentenceTransformer.save`` writes it.
    batch_size : int, default 64
        Texts that the model reads at a time.

    Raises
    ------
    ProgramError
        If there is no such folder, or the extra is not installed.

    Notes
    -----
    N. Reimers and I. Gurevych, "Sentence-BERT: Sentence Embeddings using Siamese
    BERT-Networks", EMNLP 2019.
    """

    def __init__(self, folder: str | os.PathLike[str], *, batch_size: int = 64) -> None:
        if not os.path.isdir(folder):  # noqa: PTH112 - as good as a path
            raise ProgramError(
                f"there is no folder {os.fspath(folder)!r}; give the folder of a model, which is "
                "not fetched from anywhere"
            )
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ProgramError(
                "sentence-transformers is not installed: pip install 'matchkit[embed]'"
            ) from error
        self._model = SentenceTransformer(os.fspath(folder), device="cpu", local_files_only=True)
        self._batch_size = batch_size

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Return a vector for each text."""
        found: NDArray[np.float32] = self._model.encode(
            list(texts), batch_size=self._batch_size, show_progress_bar=False
        )
        return found
