//! One commit as a reader sees it: the searcher, the columns of its entries, the vectors.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, Term};

use crate::error::SearchError;
use crate::index::id_of;
use crate::opening::{Commit, Fields, ID_COLUMNS, LANGUAGE_COLUMN, LIKENESS_COLUMN};
use crate::vectors::Vectors;

/// One commit as a reader sees it.
pub struct Snapshot {
    pub searcher: Searcher,
    pub vectors: Arc<Vectors>,
    pub commit: Commit,
    pub fields: Fields,
    columns: Vec<Columns>,
}

/// The columns of one segment.
struct Columns {
    ids: [Column<u64>; 4],
    likeness: Column<u64>,
    language: Column<u64>,
}

impl Snapshot {
    pub fn new(
        searcher: Searcher,
        fields: Fields,
        vectors: Arc<Vectors>,
        commit: Commit,
    ) -> Result<Snapshot, SearchError> {
        let mut columns = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            let fast = segment.fast_fields();
            let [a, b, c, d] = ID_COLUMNS;
            let ids = [fast.u64(a)?, fast.u64(b)?, fast.u64(c)?, fast.u64(d)?];
            columns.push(Columns {
                ids,
                likeness: fast.u64(LIKENESS_COLUMN)?,
                language: fast.u64(LANGUAGE_COLUMN)?,
            });
        }
        Ok(Snapshot {
            searcher,
            vectors,
            commit,
            fields,
            columns,
        })
    }

    /// Ids of the passages that a query finds.
    pub fn passages_of(
        &self,
        query: &dyn tantivy::query::Query,
    ) -> Result<HashSet<u128>, SearchError> {
        let found = self
            .searcher
            .search(query, &tantivy::collector::DocSetCollector)?;
        Ok(found
            .into_iter()
            .map(|address| self.ids(address).0)
            .collect())
    }

    /// Ids of the passage and the document of an entry.
    pub fn ids(&self, address: DocAddress) -> (u128, u128) {
        let columns = &self.columns[address.segment_ord as usize].ids;
        let value = |at: usize| columns[at].first(address.doc_id).unwrap_or_default();
        (
            id_of(value(0), value(1)).as_u128(),
            id_of(value(2), value(3)).as_u128(),
        )
    }

    pub fn likeness(&self, address: DocAddress) -> u64 {
        let column = &self.columns[address.segment_ord as usize].likeness;
        column.first(address.doc_id).unwrap_or_default()
    }

    /// True when an entry's language and `asked` are known and differ.
    pub fn is_across(&self, address: DocAddress, asked: u64) -> bool {
        let column = &self.columns[address.segment_ord as usize].language;
        let language = column.first(address.doc_id).unwrap_or_default();
        asked != 0 && language != 0 && asked != language
    }

    /// Where a passage stands; `None` when it is gone.
    pub fn address(&self, passage: u128) -> Result<Option<DocAddress>, SearchError> {
        let term = Term::from_field_bytes(self.fields.passage, &passage.to_be_bytes());
        for (segment_ord, segment) in self.searcher.segment_readers().iter().enumerate() {
            let inverted = segment.inverted_index(self.fields.passage)?;
            let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)?
            else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(segment_ord as u32, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }
}
