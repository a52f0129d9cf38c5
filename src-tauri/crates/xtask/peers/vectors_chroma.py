"""LangChain over Chroma: nearest vectors, with the passages' texts stored and returned."""

from langchain_chroma import Chroma

import corpus
import peer
from stand_in import Fixed

AT_ONCE = 2_000


def store(place):
    return Chroma(
        persist_directory=str(place),
        embedding_function=Fixed(),
        collection_metadata={"hnsw:space": "ip"},
    )


def build(place):
    texts, vectors = corpus.passages(), corpus.vectors()
    with peer.Timed() as timed:
        chroma = store(place)
        for at in range(0, len(texts), AT_ONCE):
            some = texts[at : at + AT_ONCE]
            chroma._collection.add(
                ids=[str(at + number) for number in range(len(some))],
                embeddings=vectors[at : at + AT_ONCE],
                documents=some,
            )
    return timed


def opened(place):
    chroma = store(place)

    def search(_text, vector):
        return [document.id for document in chroma.similarity_search_by_vector(vector.tolist(), k=10)]

    return search


corpus.serve("chroma", build, opened)
