"""bm25s: BM25 over English stems, with numba, its fastest way."""

import bm25s
import Stemmer

import corpus
import peer


def coded(texts):
    stemmer = Stemmer.Stemmer("english")
    return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)


def build(place):
    texts = corpus.passages()
    with peer.Timed() as timed:
        index = bm25s.BM25(backend="numba")
        index.index(coded(texts), show_progress=False)
        index.save(place)
    return timed


def opened(place):
    index = bm25s.BM25.load(place)
    index.backend = "numba"
    stemmer = Stemmer.Stemmer("english")

    def search(text, _vector):
        words = bm25s.tokenize([text], stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)
        numbers, _ = index.retrieve(words, k=10, show_progress=False)
        return numbers[0]

    return search


if __name__ == "__main__":
    corpus.serve("bm25s", build, opened)
