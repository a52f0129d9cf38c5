//! What machines ask: does it live, can it work, how much does it do.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};

use crate::asker::{From, MaybeAsker};
use crate::metrics::Gauge;
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::status as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(health))
        .routes(routes!(ready))
        .routes(routes!(metrics))
}

/// The program runs; nothing else is looked at
#[utoipa::path(get, path = "/api/health", tag = "health", security(()),
    responses((status = 200, body = wire::Health, description = "it runs")))]
async fn health() -> Json<wire::Health> {
    Json(wire::Health { status: "ok" })
}

/// The program can work: the store answers
#[utoipa::path(get, path = "/api/ready", tag = "health", security(()),
    responses((status = 200, body = wire::Health, description = "it can work")))]
async fn ready(State(api): State<Api>) -> Result<(StatusCode, Json<wire::Health>), Problem> {
    if api.app.is_ready().await {
        return Ok((StatusCode::OK, Json(wire::Health { status: "ok" })));
    }
    Err(Problem::busy(5))
}

/// Numbers in Prometheus' text format, for members and for this computer
#[utoipa::path(get, path = "/metrics", tag = "health", security((), ("session" = [])),
    responses((status = 200, content_type = "text/plain", body = String, description = "the numbers")))]
async fn metrics(
    State(api): State<Api>,
    from: From,
    MaybeAsker(who): MaybeAsker,
) -> Result<([(HeaderName, &'static str); 1], String), Problem> {
    if who.is_none() && !from.is_here {
        return Err(Problem::not_signed_in());
    }
    let mut gauges = vec![Gauge {
        name: "chatai_listeners",
        labels: String::new(),
        help: "open event and answer streams",
        value: api.listening() as u64,
    }];
    gauges.extend(holdings(&api).await?);
    let text_format = (CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    Ok(([text_format], api.metrics().text(&gauges)))
}

/// What all workspaces hold together: no workspace's own numbers leave it.
async fn holdings(api: &Api) -> Result<Vec<Gauge>, Problem> {
    let all = api.app.counts_of_all().await?;
    let mut gauges = Vec::new();
    let mut put = |name, label: &str, help, value| {
        let labels = label.to_owned();
        gauges.push(Gauge {
            name,
            labels,
            help,
            value,
        });
    };
    let documents = "documents by state";
    let sum =
        |of: fn(&store::counts::Counts) -> u64| all.iter().map(|(_, counts)| of(counts)).sum();
    put(
        "chatai_documents",
        r#"state="pending""#,
        documents,
        sum(|counts| counts.pending),
    );
    put(
        "chatai_documents",
        r#"state="reading""#,
        documents,
        sum(|counts| counts.reading),
    );
    put(
        "chatai_documents",
        r#"state="ready""#,
        documents,
        sum(|counts| counts.ready),
    );
    put(
        "chatai_documents",
        r#"state="failed""#,
        documents,
        sum(|counts| counts.failed),
    );
    put(
        "chatai_passages",
        "",
        "passages",
        sum(|counts| counts.passages),
    );
    put(
        "chatai_vectors",
        "",
        "passages with a vector",
        sum(|counts| counts.vectors),
    );
    put("chatai_qa", "", "Q&A pairs", sum(|counts| counts.qa));
    put(
        "chatai_conversations",
        "",
        "conversations",
        sum(|counts| counts.conversations),
    );
    put(
        "chatai_messages",
        "",
        "messages",
        sum(|counts| counts.messages),
    );
    Ok(gauges)
}
