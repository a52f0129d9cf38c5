"""tantivy-py: BM25 over English stems, one writing thread, the ids stored."""

import tantivy

import corpus
import peer


def build(place):
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("id", stored=True)
    schema.add_text_field("text", stored=False, tokenizer_name="en_stem")
    texts = corpus.passages()
    with peer.Timed() as timed:
        index = tantivy.Index(schema.build(), path=str(place))
        writer = index.writer(num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(id=number, text=text))
        writer.commit()
        writer.wait_merging_threads()
    return timed


def opened(place, limit=10):
    index = tantivy.Index.open(str(place))
    searcher = index.searcher()

    def search(text, _vector):
        hits = searcher.search(index.parse_query(text, ["text"]), limit, count=False).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    return search


if __name__ == "__main__":
    corpus.serve("tantivy-py", build, opened)
