//! `chatai search`

use app::searching::{MAX_HITS, Within};
use clap::Args;
use serde_json::json;

use crate::boot::Boot;
use crate::cli::ask::{shortened, told_of};
use crate::cli::{print_json, table};
use crate::compose::Program;
use crate::exit::{Ending, Outcome};
use crate::local;

#[derive(Debug, Args)]
pub struct Search {
    /// What to look for
    query: String,
    /// Most passages
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=MAX_HITS as i64))]
    limit: u8,
    /// Only documents with this label; more than one: with any of them
    #[arg(long, value_name = "LABEL")]
    label: Vec<String>,
    /// Only documents of this source; more than one: of any of them
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// Print the passages as JSON
    #[arg(long)]
    json: bool,
}

impl Search {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::start(boot).await?;
        let who = local::owner(&program, "My business").await?;
        let within = Within {
            scope: local::scope(&program, &who, &self.label, &self.source).await?,
            assistant: None,
        };
        let found = program
            .app
            .search_within(&who, &self.query, usize::from(self.limit), within)
            .await?;
        if self.json {
            let hits: Vec<_> = found
                .hits
                .iter()
                .map(|hit| {
                    json!({
                        "passage": hit.passage, "title": hit.title, "score": hit.score,
                        "keyword": hit.keyword, "heading": hit.heading, "vector": hit.vector,
                        "added_at": hit.added_at, "newer": hit.newer,
                    })
                })
                .collect();
            print_json(&json!({
                "hits": hits, "confidence": found.confidence, "language": found.language,
                "took_ms": found.took_ms, "embed_ms": found.embed_ms, "limited": found.limited,
                "reranked": found.reranked,
            }));
        } else {
            let number =
                |value: Option<f32>| value.map(|value| format!("{value:.2}")).unwrap_or_default();
            let rows: Vec<Vec<String>> = found
                .hits
                .iter()
                .map(|hit| {
                    vec![
                        format!("{:.3}", hit.score),
                        number(hit.keyword),
                        number(hit.vector),
                        hit.title.clone(),
                        hit.passage
                            .page
                            .map(|page| page.to_string())
                            .unwrap_or_default(),
                        shortened(&hit.passage.text, 90),
                    ]
                })
                .collect();
            table::print(
                &[
                    ">score", ">words", ">meaning", "document", ">page", "passage",
                ],
                &rows,
            );
            println!("\nconfidence {:.2}, {} ms", found.confidence, found.took_ms);
            if let Some(reranked) = &found.reranked {
                println!("{}", told_of(reranked));
            }
        }
        program.stop().await?;
        Ok(if found.hits.is_empty() {
            Ending::Partly
        } else {
            Ending::Done
        })
    }
}
