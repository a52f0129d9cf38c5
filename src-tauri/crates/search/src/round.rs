//! One search: candidates by words and by vectors, late vectors, the fused hits and the confidence.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::id::{DocumentId, PassageId};
use domain::language::Language;
use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EnableScoring, FuzzyTermQuery, Occur, TermQuery,
    TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, Term};

use crate::confidence::{Features, confidence};
use crate::error::SearchError;
use crate::fusion::{fuse, is_copy};
use crate::index::id_of;
use crate::language::number_of;
use crate::opening::{Commit, Fields, ID_COLUMNS, LANGUAGE_COLUMN, LIKENESS_COLUMN};
use crate::vectors::{QueryVector, Spread, Vectors};
use crate::words::{Stems, Word, telling_words};

/// Candidates that words bring, and that vectors bring.
const CANDIDATES: usize = 100;
/// Candidates by words that are worth a vector made on the spot.
const LATE: usize = 12;
/// Different words of a question that are looked for.
const MOST_WORDS: usize = 32;
/// Weight of a word in the title or a heading, beside 1 for the text.
const TITLE_WEIGHT: f32 = 0.5;
/// Weight of a word that stands in for one that is nowhere in the index.
const GUESS_WEIGHT: f32 = 0.6;
/// Words that stand in for one.
const MOST_GUESSES: usize = 5;
/// Letters from which one slip, and two slips, are forgiven.
const ONE_SLIP: usize = 4;
const TWO_SLIPS: usize = 9;
/// In fewer passages than these the rarity of words says little.
const ENOUGH: f64 = 200.0;
/// What a word weighs with which people ask for whatever it is, beside 1 for a telling one.
const ASKING_WEIGHT: f32 = 0.15;
/// Hits that the confidence looks at.
const LOOKED_AT: usize = 3;

/// What is searched for.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The question.
    pub text: String,
    /// Its language, as far as it is known.
    pub language: Language,
    /// Its vector of unit length, of the embedder whose vectors are in the index.
    pub vector: Option<Vec<f32>>,
    /// How many hits at most.
    pub limit: usize,
    /// Only passages of these documents; `None` for all.
    pub documents: Option<HashSet<DocumentId>>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Best first; near-copies of a better one are left out.
    pub hits: Vec<Hit>,
    /// The near-copies that were left out: the hit that stands for it, and the document it is in.
    pub copies: Vec<(PassageId, DocumentId)>,
    /// Calibrated probability that the documents answer the question, 0..=1; 0 without hits.
    pub confidence: f32,
    /// What the confidence was made of: for measuring.
    pub features: Features,
}

/// A passage that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The passage.
    pub passage_id: PassageId,
    /// Its document.
    pub document_id: DocumentId,
    /// The fused score; comparable within one search only, may be negative.
    pub score: f32,
    /// BM25 score, where its words were found.
    pub keyword: Option<f32>,
    /// The part of `keyword` that the title and the headings gave.
    pub heading: f32,
    /// Cosine of the vectors, -1..=1, where it has one.
    pub vector: Option<f32>,
}

/// One commit as a reader sees it.
pub struct Snapshot {
    pub searcher: Searcher,
    pub vectors: Arc<Vectors>,
    pub commit: Commit,
    fields: Fields,
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
    fn ids(&self, address: DocAddress) -> (u128, u128) {
        let columns = &self.columns[address.segment_ord as usize].ids;
        let value = |at: usize| columns[at].first(address.doc_id).unwrap_or_default();
        (
            id_of(value(0), value(1)).as_u128(),
            id_of(value(2), value(3)).as_u128(),
        )
    }

    fn likeness(&self, address: DocAddress) -> u64 {
        let column = &self.columns[address.segment_ord as usize].likeness;
        column.first(address.doc_id).unwrap_or_default()
    }

    /// True when an entry's language and `asked` are known and differ.
    fn is_across(&self, address: DocAddress, asked: u64) -> bool {
        let column = &self.columns[address.segment_ord as usize].language;
        let language = column.first(address.doc_id).unwrap_or_default();
        asked != 0 && language != 0 && asked != language
    }

    /// Where a passage stands; `None` when it is gone.
    fn address(&self, passage: u128) -> Result<Option<DocAddress>, SearchError> {
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

/// A search between its two halves: the caller may bring vectors for [`Round::without_vector`].
pub struct Round {
    candidates: Vec<Candidate>,
    without_vector: Vec<PassageId>,
    vector: Option<QueryVector>,
    spread: Spread,
    most_keyword: f32,
    absent: f32,
    absent_across: f32,
    is_foreign: bool,
    is_foreign_across: bool,
    limit: usize,
}

struct Candidate {
    passage: u128,
    document: u128,
    likeness: u64,
    /// BM25 score; 0 when none of the words is in it.
    keyword: f32,
    /// The part of it that the title and the headings gave.
    heading: f32,
    vector: Option<f32>,
    coverage: f32,
    /// True when the question is in another language.
    is_across: bool,
}

impl Round {
    pub(crate) fn begin(snapshot: &Snapshot, query: &Query) -> Result<Round, SearchError> {
        let asked = Asked::new(snapshot, query)?;
        let by_words = asked.best(snapshot)?;
        // A vector of another embedder says nothing; the words still do.
        let vector = query.vector.clone().filter(|vector| {
            let expected = snapshot.vectors.dimensions();
            !vector.is_empty() && expected.is_none_or(|expected| expected == vector.len())
        });
        let vector = vector.map(QueryVector::new);
        let (by_vector, spread) = match &vector {
            Some(vector) => {
                let among = query
                    .documents
                    .as_ref()
                    .map(|documents| asked.passages_in(snapshot, documents));
                snapshot
                    .vectors
                    .nearest(vector, CANDIDATES, among.transpose()?.as_ref())
            }
            None => Default::default(),
        };

        let mut addresses: Vec<DocAddress> = by_words.iter().map(|(_, address)| *address).collect();
        let mut cosines = HashMap::with_capacity(by_vector.len());
        for (passage, cosine) in by_vector {
            if let Some(address) = snapshot.address(passage)? {
                cosines.insert(address, cosine);
                addresses.push(address);
            }
        }
        addresses.sort_unstable();
        addresses.dedup();
        let keywords = asked.scores(snapshot, &asked.query, &addresses)?;
        let headings = asked.scores(snapshot, &asked.headings, &addresses)?;
        let language = number_of(query.language);
        let across: Vec<bool> = addresses
            .iter()
            .map(|address| snapshot.is_across(*address, language))
            .collect();
        let coverages = asked.coverages(snapshot, &addresses, &across)?;
        let mut candidates = Vec::with_capacity(addresses.len());
        for (at, address) in addresses.iter().enumerate() {
            let (passage, document) = snapshot.ids(*address);
            let cosine = cosines.get(address).copied();
            let of_vector =
                |vector: &QueryVector| cosine.or_else(|| snapshot.vectors.cosine(vector, passage));
            candidates.push(Candidate {
                passage,
                document,
                likeness: snapshot.likeness(*address),
                keyword: keywords[at],
                heading: headings[at],
                vector: vector.as_ref().and_then(of_vector),
                coverage: coverages[at],
                is_across: across[at],
            });
        }
        let mut late: Vec<&Candidate> = candidates
            .iter()
            .filter(|candidate| candidate.keyword > 0.0)
            .collect();
        late.sort_by(|a, b| b.keyword.total_cmp(&a.keyword));
        let late = late
            .into_iter()
            .take(LATE)
            .filter(|candidate| vector.is_some() && candidate.vector.is_none());
        let without_vector = late
            .map(|candidate| PassageId(uuid::Uuid::from_u128(candidate.passage)))
            .collect();
        Ok(Round {
            candidates,
            without_vector,
            vector,
            spread,
            most_keyword: asked.most_keyword,
            absent: asked.absent(|_| true),
            absent_across: asked.absent(|word| word.is_for_all_languages),
            is_foreign: asked.words.iter().any(|word| word.is_foreign),
            is_foreign_across: asked
                .words
                .iter()
                .any(|word| word.is_foreign && word.is_for_all_languages),
            limit: query.limit,
        })
    }

    /// The best candidates by words that have no vector yet, at most 12; empty when the query has none.
    pub fn without_vector(&self) -> &[PassageId] {
        &self.without_vector
    }

    /// Fuses what was found; `late` are vectors of unit length for passages of [`Round::without_vector`].
    pub fn finish(mut self, late: &[(PassageId, Vec<f32>)]) -> Found {
        if let Some(query) = &self.vector {
            for (passage, vector) in late {
                let candidate = self
                    .candidates
                    .iter_mut()
                    .find(|candidate| candidate.passage == passage.0.as_u128());
                if let Some(candidate) = candidate {
                    candidate.vector = query.cosine(vector);
                }
            }
        }
        let keywords: Vec<f32> = self
            .candidates
            .iter()
            .map(|candidate| candidate.keyword)
            .collect();
        let vectors: Vec<Option<f32>> = self
            .candidates
            .iter()
            .map(|candidate| candidate.vector)
            .collect();
        let scores = fuse(&keywords, &vectors);
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        order.sort_by(|a, b| {
            scores[*b].total_cmp(&scores[*a]).then_with(|| {
                self.candidates[*a]
                    .passage
                    .cmp(&self.candidates[*b].passage)
            })
        });

        let mut kept: Vec<usize> = Vec::new();
        let mut copies = Vec::new();
        for at in order {
            if kept.len() == self.limit.max(LOOKED_AT) {
                break;
            }
            let better = kept.iter().find(|better| {
                is_copy(
                    self.candidates[**better].likeness,
                    self.candidates[at].likeness,
                )
            });
            match better {
                Some(better) => copies.push((
                    self.hit(*better, scores[*better]).passage_id,
                    self.hit(at, scores[at]).document_id,
                )),
                None => kept.push(at),
            }
        }
        let hits = kept
            .iter()
            .take(self.limit)
            .map(|at| self.hit(*at, scores[*at]))
            .collect();
        let features = self.features(&kept);
        let confidence = match kept.is_empty() {
            true => 0.0,
            false => confidence(&features),
        };
        Found {
            hits,
            copies,
            confidence,
            features,
        }
    }

    /// What the best hits say: those in the question's language, or those in another where they say more.
    fn features(&self, kept: &[usize]) -> Features {
        let within = self.features_of(kept, false);
        let across = self.features_of(kept, true);
        match across.gap.is_some() && confidence(&across) > confidence(&within) {
            true => across,
            false => within,
        }
    }

    fn hit(&self, at: usize, score: f32) -> Hit {
        let candidate = &self.candidates[at];
        Hit {
            passage_id: PassageId(uuid::Uuid::from_u128(candidate.passage)),
            document_id: DocumentId(uuid::Uuid::from_u128(candidate.document)),
            score,
            keyword: (candidate.keyword > 0.0).then_some(candidate.keyword),
            heading: candidate.heading,
            vector: candidate.vector,
        }
    }

    fn features_of(&self, kept: &[usize], is_across: bool) -> Features {
        let best = || {
            let best = kept.iter().take(LOOKED_AT).map(|at| &self.candidates[*at]);
            best.filter(|candidate| candidate.is_across == is_across)
        };
        let cosine = best()
            .filter_map(|candidate| candidate.vector)
            .max_by(f32::total_cmp);
        let keyword = best()
            .map(|candidate| candidate.keyword)
            .fold(0.0, f32::max);
        Features {
            coverage: best()
                .map(|candidate| candidate.coverage)
                .fold(0.0, f32::max),
            keyword: keyword / self.most_keyword.max(f32::MIN_POSITIVE),
            absent: match is_across {
                true => self.absent_across,
                false => self.absent,
            },
            is_foreign: match is_across {
                true => self.is_foreign_across,
                false => self.is_foreign,
            },
            gap: cosine
                .filter(|_| self.spread.count > 1)
                .map(|cosine| cosine - self.spread.mean),
            is_across,
        }
    }
}

/// The question's words against one commit.
struct Asked {
    words: Vec<AskedWord>,
    query: BooleanQuery,
    /// The part of it that looks at titles and headings.
    headings: BooleanQuery,
    most_keyword: f32,
}

struct AskedWord {
    /// The word itself, or what stands in for it.
    terms: Vec<String>,
    rarity: f32,
    weight: f32,
    /// What it weighs in the coverage.
    share: f32,
    /// A code or a name that stands nowhere in the index.
    is_foreign: bool,
    /// A code, a number, or a name in Latin letters inside a text of another alphabet: written the same in
    /// every language.
    is_for_all_languages: bool,
}

impl Asked {
    fn new(snapshot: &Snapshot, query: &Query) -> Result<Asked, SearchError> {
        let fields = snapshot.fields;
        let stems = Stems::new(Language::EN);
        let mut seen = HashSet::new();
        let mut words = Vec::new();
        let is_latin_text = !query
            .text
            .contains(|c: char| c.is_alphabetic() && !is_latin_letter(c));
        for word in telling_words(&query.text) {
            let stem = stems.stem(&word);
            if words.len() < MOST_WORDS && seen.insert(stem.clone()) {
                words.push(AskedWord::new(snapshot, &word, stem, is_latin_text)?);
            }
        }
        let mut clauses: Vec<(Occur, Box<dyn tantivy::query::Query>)> = Vec::new();
        let mut of_headings = Vec::new();
        for word in &words {
            for term in &word.terms {
                for (field, weight) in [
                    (fields.text, word.weight),
                    (fields.title, word.weight * TITLE_WEIGHT),
                ] {
                    let term = Term::from_field_text(field, term);
                    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                    if field == fields.title {
                        of_headings.push((Occur::Should, weighed(query.clone(), weight)));
                    }
                    clauses.push((Occur::Should, weighed(query, weight)));
                }
            }
        }
        let any = BooleanQuery::new(clauses);
        let query = match &query.documents {
            None => any,
            Some(documents) => {
                let within = ConstScoreQuery::new(Box::new(within(fields, documents)), 0.0);
                BooleanQuery::new(vec![
                    (Occur::Must, Box::new(within)),
                    (Occur::Must, Box::new(any)),
                ])
            }
        };
        // BM25's limit for one word is its rarity times k1 + 1 = 2.2.
        let most_keyword = words.iter().map(|word| word.rarity * 2.2).sum();
        Ok(Asked {
            words,
            query,
            headings: BooleanQuery::new(of_headings),
            most_keyword,
        })
    }

    /// The best passages by words.
    fn best(&self, snapshot: &Snapshot) -> Result<Vec<(f32, DocAddress)>, SearchError> {
        match self.words.is_empty() {
            true => Ok(Vec::new()),
            false => Ok(snapshot.searcher.search(
                &self.query,
                &TopDocs::with_limit(CANDIDATES).order_by_score(),
            )?),
        }
    }

    /// The share of the question's words that stand nowhere in the index; a guess stands in for part of one.
    fn absent(&self, counts: impl Fn(&AskedWord) -> bool) -> f32 {
        let words = || self.words.iter().filter(|word| counts(word));
        let total: f32 = words().map(|word| word.share).sum();
        let missed = |word: &AskedWord| match word.terms.is_empty() {
            true => word.share,
            false => (1.0 - word.weight) * word.share,
        };
        match total > 0.0 {
            true => words().map(missed).sum::<f32>() / total,
            false => 0.0,
        }
    }

    fn passages_in(
        &self,
        snapshot: &Snapshot,
        documents: &HashSet<DocumentId>,
    ) -> Result<HashSet<u128>, SearchError> {
        snapshot.passages_of(&within(snapshot.fields, documents))
    }

    /// The score that a query gives each passage, 0 where it does not find it; `addresses` are sorted.
    fn scores(
        &self,
        snapshot: &Snapshot,
        query: &BooleanQuery,
        addresses: &[DocAddress],
    ) -> Result<Vec<f32>, SearchError> {
        let mut scores = vec![0.0; addresses.len()];
        if self.words.is_empty() {
            return Ok(scores);
        }
        let scoring = EnableScoring::enabled_from_searcher(&snapshot.searcher);
        let weight = tantivy::query::Query::weight(query, scoring)?;
        for range in of_segments(addresses) {
            let segment = snapshot
                .searcher
                .segment_reader(addresses[range.start].segment_ord);
            let mut scorer = weight.scorer(segment, 1.0)?;
            for at in range {
                let doc = addresses[at].doc_id;
                if scorer.doc() < doc {
                    scorer.seek(doc);
                }
                if scorer.doc() == doc {
                    scores[at] = scorer.score();
                }
            }
        }
        Ok(scores)
    }

    /// The share of the question's words that each passage has, weighed by rarity; `addresses` are sorted.
    /// Of a passage in another language (`across`) only what is written the same there is asked for; 0 where
    /// that is nothing.
    fn coverages(
        &self,
        snapshot: &Snapshot,
        addresses: &[DocAddress],
        across: &[bool],
    ) -> Result<Vec<f32>, SearchError> {
        let total: f32 = self.words.iter().map(|word| word.share).sum();
        let for_all = self.words.iter().filter(|word| word.is_for_all_languages);
        let total_across: f32 = for_all.map(|word| word.share).sum();
        let mut coverages = vec![0.0; addresses.len()];
        for range in of_segments(addresses) {
            let segment = snapshot
                .searcher
                .segment_reader(addresses[range.start].segment_ord);
            for word in &self.words {
                let mut is_covered = vec![false; range.len()];
                for field in [snapshot.fields.text, snapshot.fields.title] {
                    let inverted = segment.inverted_index(field)?;
                    for term in &word.terms {
                        let term = Term::from_field_text(field, term);
                        let Some(mut postings) =
                            inverted.read_postings(&term, IndexRecordOption::Basic)?
                        else {
                            continue;
                        };
                        for (covered, at) in is_covered.iter_mut().zip(range.clone()) {
                            let doc = addresses[at].doc_id;
                            if postings.doc() < doc {
                                postings.seek(doc);
                            }
                            *covered |= postings.doc() == doc;
                        }
                    }
                }
                for (covered, at) in is_covered.into_iter().zip(range.clone()) {
                    coverages[at] += match (covered, across[at]) {
                        (true, false) => word.weight * word.share / total,
                        (true, true) if word.is_for_all_languages => {
                            word.weight * word.share / total_across
                        }
                        _ => 0.0,
                    };
                }
            }
        }
        Ok(coverages)
    }
}

impl AskedWord {
    fn new(
        snapshot: &Snapshot,
        word: &Word,
        stem: String,
        is_latin_text: bool,
    ) -> Result<AskedWord, SearchError> {
        let fields = snapshot.fields;
        let frequency = |term: &str| -> Result<u64, SearchError> {
            let in_text = snapshot
                .searcher
                .doc_freq(&Term::from_field_text(fields.text, term))?;
            let in_title = snapshot
                .searcher
                .doc_freq(&Term::from_field_text(fields.title, term))?;
            Ok(in_text.max(in_title))
        };
        let is_for_all_languages = word.exact || is_latin(&word.text) && !is_latin_text;
        let found = frequency(&stem)?;
        if found > 0 {
            return Ok(AskedWord {
                terms: vec![stem],
                rarity: rarity(snapshot, found),
                weight: 1.0,
                share: share(snapshot, word, found),
                is_foreign: false,
                is_for_all_languages,
            });
        }
        let terms = guesses(snapshot, word, &stem)?;
        let mut most = 0;
        for term in &terms {
            most = most.max(frequency(term)?);
        }
        Ok(AskedWord {
            is_foreign: terms.is_empty() && (word.is_code() || word.is_name),
            is_for_all_languages,
            terms,
            rarity: rarity(snapshot, most),
            weight: GUESS_WEIGHT,
            share: share(snapshot, word, most),
        })
    }
}

fn is_latin(word: &str) -> bool {
    word.chars().all(is_latin_letter)
}

/// ASCII, and the Latin letters with marks up to U+024F.
fn is_latin_letter(c: char) -> bool {
    c < '\u{250}'
}

/// BM25's inverse document frequency, as Tantivy has it.
fn rarity(snapshot: &Snapshot, frequency: u64) -> f32 {
    rarity_among(passages(snapshot), frequency as f64)
}

/// What a word weighs in the coverage: its rarity as if there were [`ENOUGH`] passages at least, and one had it.
fn share(snapshot: &Snapshot, word: &Word, frequency: u64) -> f32 {
    let rarity = rarity_among(passages(snapshot).max(ENOUGH), (frequency as f64).max(1.0));
    match word.is_asking() {
        true => ASKING_WEIGHT * rarity,
        false => rarity,
    }
}

fn rarity_among(passages: f64, frequency: f64) -> f32 {
    ((passages - frequency + 0.5).max(0.5) / (frequency + 0.5)).ln_1p() as f32
}

fn passages(snapshot: &Snapshot) -> f64 {
    let segments = snapshot.searcher.segment_readers().iter();
    segments.map(|segment| f64::from(segment.max_doc())).sum()
}

/// Words of the index that the asked one may have been meant to be: one or two slips away, or begun by it.
/// A code or a number is never guessed: another one is another thing.
fn guesses(snapshot: &Snapshot, word: &Word, stem: &str) -> Result<Vec<String>, SearchError> {
    let letters = stem.chars().count();
    if word.exact || letters < ONE_SLIP {
        return Ok(Vec::new());
    }
    let slips = if letters < TWO_SLIPS { 1 } else { 2 };
    let first = stem.chars().next();
    let mut found: HashMap<String, (bool, u32)> = HashMap::new();
    for field in [snapshot.fields.text, snapshot.fields.title] {
        let term = Term::from_field_text(field, stem);
        let near = FuzzyTermQuery::new(term.clone(), slips, true);
        let begun = FuzzyTermQuery::new_prefix(term, 0, true);
        for (query, is_near) in [(near, true), (begun, false)] {
            for segment in snapshot.searcher.segment_readers() {
                let inverted = segment.inverted_index(field)?;
                let mut stream = inverted.terms().search(query.automaton()?).into_stream()?;
                while let Some((term, info)) = stream.next() {
                    let Ok(term) = std::str::from_utf8(term) else {
                        continue;
                    };
                    // Slips rarely hit the first letter; a term with digits is a code.
                    let is_likely =
                        term.chars().next() == first && !term.contains(|c: char| c.is_numeric());
                    if is_likely {
                        let entry = found.entry(term.to_owned()).or_insert((is_near, 0));
                        entry.0 |= is_near;
                        entry.1 += info.doc_freq;
                    }
                }
            }
        }
    }
    let mut found: Vec<(String, (bool, u32))> = found.into_iter().collect();
    found.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
    Ok(found
        .into_iter()
        .take(MOST_GUESSES)
        .map(|(term, _)| term)
        .collect())
}

fn weighed(query: TermQuery, weight: f32) -> Box<dyn tantivy::query::Query> {
    Box::new(BoostQuery::new(Box::new(query), weight))
}

fn within(fields: Fields, documents: &HashSet<DocumentId>) -> TermSetQuery {
    TermSetQuery::new(
        documents
            .iter()
            .map(|id| Term::from_field_bytes(fields.document, id.0.as_bytes())),
    )
}

/// Ranges of sorted addresses that are in one segment.
fn of_segments(addresses: &[DocAddress]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for of_one in addresses.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        ranges.push(start..start + of_one.len());
        start += of_one.len();
    }
    ranges
}
