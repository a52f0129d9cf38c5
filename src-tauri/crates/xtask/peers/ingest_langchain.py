"""LangChain: files to passages of 1,000 characters (200 overlapping), to BM25Retriever or to Chroma.

`{"do": "ingest", "folder": F, "into": "words" | "store" | "vectors"}`: `words` builds BM25Retriever (in
memory), `store` Chroma with a stand-in for the embedder (fixed vectors), `vectors` Chroma with the embedder
that `ingest_langchain.py MODEL_FOLDER` names, by ONNX Runtime on all cores.
"""

import shutil
import sys
import tempfile

from langchain_chroma import Chroma
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter

import documents
import peer
from embedder import Embedder
from stand_in import Fixed

embedder = Embedder(sys.argv[1], "passage: ")
splitter = RecursiveCharacterTextSplitter(chunk_size=1_000, chunk_overlap=200)
kept = []
# Chroma takes 5,461 passages at a time and refuses more.
AT_ONCE = 5_000


def ingest(folder, into):
    place = tempfile.mkdtemp()
    with peer.Timed() as timed:
        texts, failed = documents.read(folder)
        whole = [Document(page_content=text, metadata={"source": name}) for name, text in texts]
        passages = splitter.split_documents(whole)
        if into == "words":
            found = BM25Retriever.from_documents(passages)
        else:
            found = Chroma(persist_directory=place, embedding_function=Fixed() if into == "store" else embedder)
            for start in range(0, len(passages), AT_ONCE):
                found.add_documents(passages[start : start + AT_ONCE])
    # The last one stays in memory, as it would in a program that answers.
    kept[:] = [found]
    shutil.rmtree(place, ignore_errors=True)
    return timed.said(passages=len(passages), failed=failed)


peer.serve({"ingest": ingest})
