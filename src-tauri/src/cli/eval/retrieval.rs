//! Search: nDCG@10, recall, MRR@10, and how long it takes.

use std::collections::{HashMap, HashSet};

use app::searching::MAX_HITS;
use app::who::Who;
use domain::id::DocumentId;
use search::measure::{ndcg, precision_at_1, recall, reciprocal_rank};
use serde_json::{Value, json};

use crate::cli::eval::set::Set;
use crate::cli::eval::{mean, quantile};
use crate::compose::Program;
use crate::exit::Failure;

/// Searches every query of the set and measures the documents that come back.
pub async fn measure(
    program: &Program,
    who: &Who,
    set: &Set,
    names: &HashMap<DocumentId, String>,
) -> Result<Value, Failure> {
    let mut ndcgs = Vec::new();
    let mut recalls = Vec::new();
    let mut deep_recalls = Vec::new();
    let mut ranks = Vec::new();
    let mut firsts = Vec::new();
    let mut times = Vec::new();
    let mut reranked = 0;
    let mut looks = Vec::new();
    for query in &set.queries {
        let found = program.app.search_test(who, &query.text, MAX_HITS).await?;
        times.push(f64::from(found.took_ms));
        if let Some(look) = &found.reranked {
            reranked += usize::from(look.failed.is_none());
            looks.push(f64::from(look.passages));
        }
        let mut seen = HashSet::new();
        let documents = found.hits.iter().map(|hit| hit.passage.document_id);
        let ranked: Vec<String> = documents
            .filter(|id| seen.insert(*id))
            .filter_map(|id| names.get(&id).cloned())
            .collect();
        ndcgs.extend(ndcg(&query.judged, &ranked, 10));
        recalls.extend(recall(&query.judged, &ranked, 10));
        deep_recalls.extend(recall(&query.judged, &ranked, MAX_HITS));
        ranks.extend(reciprocal_rank(&query.judged, &ranked, 10));
        firsts.extend(precision_at_1(&query.judged, &ranked));
    }
    let mut told = json!({
        "queries": set.queries.len(),
        "nDCG@10": mean(&ndcgs),
        "recall@10": mean(&recalls),
        "recall@50 passages": mean(&deep_recalls),
        "MRR@10": mean(&ranks),
        "P@1": mean(&firsts),
        "ms p50": quantile(&mut times, 0.5),
        "ms p99": quantile(&mut times, 0.99),
    });
    if !looks.is_empty() {
        told["queries reranked"] = json!(reranked);
        told["passages reranked, mean"] = json!(mean(&looks));
    }
    Ok(told)
}
