//! The words of a question against one commit: which passages have them, and what each says for a passage.

use std::collections::{HashMap, HashSet};

use domain::id::DocumentId;
use tantivy::collector::TopDocs;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EnableScoring, FuzzyTermQuery, Occur, TermQuery,
    TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Term};

use crate::error::SearchError;
use crate::opening::Fields;
use crate::round::Query;
use crate::snapshot::Snapshot;
use crate::stems::Stems;
use crate::words::{Word, telling_words};

/// Candidates that words bring.
const CANDIDATES: usize = 100;
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
/// What a code weighs (`W101`): a question that names one is about it.
const CODE_WEIGHT: f32 = 2.0;

/// The question's words against one commit.
pub struct Asked {
    words: Vec<AskedWord>,
    /// What is looked for, and what it weighs.
    terms: Vec<(Term, f32)>,
    query: BooleanQuery,
    /// The most that all words together could score.
    pub most_keyword: f32,
}

/// What the index lacks of a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lacks {
    /// The share of the question's words that stand nowhere, 0..=1; a guess stands in for part of one.
    pub absent: f32,
    /// True when a code or a name stands nowhere.
    pub is_foreign: bool,
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
    pub fn new(snapshot: &Snapshot, query: &Query) -> Result<Asked, SearchError> {
        let fields = snapshot.fields;
        let (common, own) = (Stems::common(), Stems::of(query.language));
        let mut seen = HashSet::new();
        let mut words = Vec::new();
        let is_latin_text = !query
            .text
            .contains(|c: char| c.is_alphabetic() && !is_latin_letter(c));
        for word in telling_words(&query.text) {
            let stem = common.stem(&word);
            if words.len() < MOST_WORDS && seen.insert(stem.clone()) {
                let own = own.as_ref().map(|own| own.stem(&word));
                words.push(AskedWord::new(snapshot, &word, own, stem, is_latin_text)?);
            }
        }
        let mut terms = Vec::new();
        for word in &words {
            for term in &word.terms {
                let in_title = word.weight * TITLE_WEIGHT;
                terms.push((Term::from_field_text(fields.text, term), word.weight));
                terms.push((Term::from_field_text(fields.title, term), in_title));
            }
        }
        let clauses = terms.iter().map(|(term, weight)| {
            let term = Box::new(term_query(term));
            let clause: Box<dyn tantivy::query::Query> = Box::new(BoostQuery::new(term, *weight));
            (Occur::Should, clause)
        });
        let any = BooleanQuery::new(clauses.collect());
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
            terms,
            query,
            most_keyword,
        })
    }

    /// The best passages by words.
    pub fn best(&self, snapshot: &Snapshot) -> Result<Vec<(f32, DocAddress)>, SearchError> {
        match self.words.is_empty() {
            true => Ok(Vec::new()),
            false => Ok(snapshot.searcher.search(
                &self.query,
                &TopDocs::with_limit(CANDIDATES).order_by_score(),
            )?),
        }
    }

    /// What the index lacks of the question.
    pub fn lacks(&self) -> Lacks {
        self.lacks_of(|_| true)
    }

    /// The same for passages in another language: only what is written the same there is asked for.
    pub fn lacks_across(&self) -> Lacks {
        self.lacks_of(|word| word.is_for_all_languages)
    }

    fn lacks_of(&self, counts: impl Fn(&AskedWord) -> bool) -> Lacks {
        let words = || self.words.iter().filter(|word| counts(word));
        let total: f32 = words().map(|word| word.share).sum();
        let missed = |word: &AskedWord| match word.terms.is_empty() {
            true => word.share,
            false => (1.0 - word.weight) * word.share,
        };
        let absent = match total > 0.0 {
            true => words().map(missed).sum::<f32>() / total,
            false => 0.0,
        };
        Lacks {
            absent,
            is_foreign: words().any(|word| word.is_foreign),
        }
    }

    /// Ids of all passages of these documents.
    pub fn passages_in(
        &self,
        snapshot: &Snapshot,
        documents: &HashSet<DocumentId>,
    ) -> Result<HashSet<u128>, SearchError> {
        snapshot.passages_of(&within(snapshot.fields, documents))
    }

    /// The keyword score of each passage; `addresses` are sorted, those of `known` need no reading.
    pub fn scores(
        &self,
        snapshot: &Snapshot,
        addresses: &[DocAddress],
        known: &HashMap<DocAddress, f32>,
    ) -> Result<Vec<f32>, SearchError> {
        let mut scores: Vec<f32> = addresses
            .iter()
            .map(|address| known.get(address).copied().unwrap_or_default())
            .collect();
        if addresses.len() == known.len() {
            return Ok(scores);
        }
        let unknown = |address: &DocAddress| !known.contains_key(address);
        self.add_scores(snapshot, addresses, &mut scores, |_| true, unknown)?;
        Ok(scores)
    }

    /// What the words in the title and the headings give to the keyword score of each passage; `addresses` are
    /// sorted.
    pub fn heading_scores(
        &self,
        snapshot: &Snapshot,
        addresses: &[DocAddress],
    ) -> Result<Vec<f32>, SearchError> {
        let mut scores = vec![0.0; addresses.len()];
        let title = snapshot.fields.title;
        let of_title = |term: &Term| term.field() == title;
        self.add_scores(snapshot, addresses, &mut scores, of_title, |_| true)?;
        Ok(scores)
    }

    /// Adds the scores of some terms to those of some passages, term by term: a scorer of all of them would read
    /// everything between two addresses.
    fn add_scores(
        &self,
        snapshot: &Snapshot,
        addresses: &[DocAddress],
        scores: &mut [f32],
        is_counted: impl Fn(&Term) -> bool,
        is_wanted: impl Fn(&DocAddress) -> bool,
    ) -> Result<(), SearchError> {
        let scoring = EnableScoring::enabled_from_searcher(&snapshot.searcher);
        for (term, weight) in self.terms.iter().filter(|(term, _)| is_counted(term)) {
            let of_term = tantivy::query::Query::weight(&term_query(term), scoring)?;
            for range in of_segments(addresses) {
                let segment = snapshot
                    .searcher
                    .segment_reader(addresses[range.start].segment_ord);
                let mut scorer = of_term.scorer(segment, *weight)?;
                for at in range.filter(|at| is_wanted(&addresses[*at])) {
                    let doc = addresses[at].doc_id;
                    if scorer.doc() < doc {
                        scorer.seek(doc);
                    }
                    if scorer.doc() == doc {
                        scores[at] += scorer.score();
                    }
                }
            }
        }
        Ok(())
    }

    /// The share of the question's words that each passage has, weighed by rarity; `addresses` are sorted.
    /// Of a passage in another language (`across`) only what is written the same there is asked for; 0 where
    /// that is nothing.
    pub fn coverages(
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
        own: Option<String>,
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
        for stem in own.iter().chain([&stem]) {
            let found = frequency(stem)?;
            if found > 0 {
                return Ok(AskedWord {
                    terms: vec![stem.clone()],
                    rarity: rarity(snapshot, found),
                    weight: 1.0,
                    share: share(snapshot, word, found),
                    is_foreign: false,
                    is_for_all_languages,
                });
            }
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

fn term_query(term: &Term) -> TermQuery {
    TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)
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
    match (word.is_asking(), word.is_code()) {
        (true, _) => ASKING_WEIGHT * rarity,
        (false, true) => CODE_WEIGHT * rarity,
        (false, false) => rarity,
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
