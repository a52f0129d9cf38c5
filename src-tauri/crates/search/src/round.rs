//! One search: candidates by words and by vectors, late vectors, the hits, fused twice, and the confidence.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::id::{DocumentId, PassageId};
use domain::language::Language;
use tantivy::DocAddress;

use crate::asked::{Asked, Lacks};
use crate::confidence::{Features, confidence};
use crate::error::SearchError;
use crate::fusion::{fuse, is_copy};
use crate::language::number_of;
use crate::snapshot::Snapshot;
use crate::vectors::{QueryVector, Spread, Vectors};

/// Candidates that vectors bring; words bring as many.
const CANDIDATES: usize = 100;
/// Candidates by words that are worth a vector made on the spot.
const LATE: usize = 12;
/// Hits that the confidence looks at.
const LOOKED_AT: usize = 3;

/// The best passages of a first order, towards which the question's vector is moved for the second.
const FEEDBACK: usize = 3;
/// How far: the weight of their mean, beside 1 for the question. Passages on one matter are near each other, so
/// one near the best answers too, however it is worded (Rocchio's feedback without a user, on vectors). Measured
/// with `examples/evaluate`, nDCG@10 without it and with it: cranfield 0.418 and 0.431, med 0.808 and 0.817
/// (bge-small); XQuAD, with one right paragraph to a question, stays (0.986). Flat around it: from 1 to 5
/// passages and from 0.2 to 0.5 of weight all gain in both; a heavier one begins to cost XQuAD in Russian.
/// Only passages that the words found as well are sure enough for it: with all of them Russian questions on English
/// paragraphs lost 0.006. The confidence stays as it was.
const FEEDBACK_WEIGHT: f32 = 0.3;

/// What is searched for.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The question.
    pub text: String,
    /// Its language, as far as it is known.
    pub language: Language,
    /// Its vector of unit length, of the embedder whose vectors are in the index.
    pub vector: Option<Vec<f32>>,
    /// Standard deviation of the cosines of unrelated texts by that embedder: the unit in which the confidence
    /// weighs a cosine. `None` where it is not known: then the confidence is that of the words.
    pub deviation: Option<f32>,
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

/// A search between its two halves: the caller may bring vectors for [`Round::without_vector`].
pub struct Round {
    candidates: Vec<Candidate>,
    without_vector: Vec<PassageId>,
    vector: Option<QueryVector>,
    /// Those of the commit that was searched.
    vectors: Arc<Vectors>,
    spread: Spread,
    deviation: Option<f32>,
    most_keyword: f32,
    lacks: Lacks,
    lacks_across: Lacks,
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
        let known: HashMap<DocAddress, f32> = by_words
            .iter()
            .map(|(score, address)| (*address, *score))
            .collect();
        let keywords = asked.scores(snapshot, &addresses, &known)?;
        let headings = asked.heading_scores(snapshot, &addresses)?;
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
            vectors: Arc::clone(&snapshot.vectors),
            spread,
            deviation: query.deviation,
            most_keyword: asked.most_keyword,
            lacks: asked.lacks(),
            lacks_across: asked.lacks_across(),
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
        let mut scores = fuse(&keywords, &vectors);
        let mut order = self.ordered(&scores);
        if let Some(moved) = self.moved_cosines(&order, late) {
            scores = fuse(&keywords, &moved);
            order = self.ordered(&scores);
        }

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

    /// The candidates, best first.
    fn ordered(&self, scores: &[f32]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        order.sort_by(|a, b| {
            scores[*b].total_cmp(&scores[*a]).then_with(|| {
                self.candidates[*a]
                    .passage
                    .cmp(&self.candidates[*b].passage)
            })
        });
        order
    }

    /// The candidates' cosines to the question moved towards the best of `order`; `None` where there are none to
    /// move it to. For the order only: what a hit shows and the confidence weighs are the cosines to the question itself.
    fn moved_cosines(
        &self,
        order: &[usize],
        late: &[(PassageId, Vec<f32>)],
    ) -> Option<Vec<Option<f32>>> {
        let late_of = |candidate: &Candidate| {
            let of_it =
                |(passage, _): &&(PassageId, Vec<f32>)| passage.0.as_u128() == candidate.passage;
            late.iter().find(of_it).map(|(_, vector)| vector)
        };
        let best: Vec<Vec<f32>> = order
            .iter()
            .map(|at| &self.candidates[*at])
            .filter(|candidate| candidate.vector.is_some())
            .take(FEEDBACK)
            .filter(|candidate| candidate.keyword > 0.0)
            .filter_map(|candidate| match late_of(candidate) {
                Some(vector) => Some(vector.clone()),
                None => self.vectors.of(candidate.passage),
            })
            .collect();
        if best.is_empty() {
            return None;
        }
        let query = self.vector.as_ref()?.toward(&best, FEEDBACK_WEIGHT);
        let cosine = |candidate: &Candidate| {
            candidate.vector?;
            match late_of(candidate) {
                Some(vector) => query.cosine(vector),
                None => self.vectors.cosine(&query, candidate.passage),
            }
        };
        Some(self.candidates.iter().map(cosine).collect())
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
        let lacks = match is_across {
            true => self.lacks_across,
            false => self.lacks,
        };
        Features {
            coverage: best()
                .map(|candidate| candidate.coverage)
                .fold(0.0, f32::max),
            keyword: keyword / self.most_keyword.max(f32::MIN_POSITIVE),
            absent: lacks.absent,
            is_foreign: lacks.is_foreign,
            gap: cosine
                .filter(|_| self.spread.count > 1)
                .zip(self.deviation)
                .map(|(cosine, deviation)| (cosine - self.spread.mean) / deviation),
            is_across,
        }
    }
}
