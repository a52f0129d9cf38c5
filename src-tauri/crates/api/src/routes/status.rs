//! How the workspace is, and what the program spoke to.

use app::who::Who;
use axum::Json;
use axum::extract::State;
use domain::job::JobState;
use domain::member::Permission;
use domain::time::Timestamp;

use crate::asker::Asker;
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::status as wire;

/// Jobs of a state are counted up to this.
const COUNTED: u32 = 200;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(status)).routes(routes!(hosts))
}

/// How the workspace is
#[utoipa::path(get, path = "/api/status", tag = "status",
    responses((status = 200, body = wire::Status, description = "how it is")))]
async fn status(State(api): State<Api>, Asker(who): Asker) -> Result<Json<wire::Status>, Problem> {
    let status = api.app.status(&who).await?;
    let counts = status.counts;
    let embedder = match (status.embedder.is_empty(), status.embedder_installed) {
        (true, _) => wire::EmbedderState::None,
        (false, false) => wire::EmbedderState::Missing,
        (false, true) => wire::EmbedderState::Installed,
    };
    let choices = status
        .embedders
        .into_iter()
        .map(|choice| wire::EmbedderChoice {
            name: choice.name,
            languages: choice.languages,
            installed: choice.installed,
        });
    let (indexed, _) = status.indexed;
    let index = if indexed < counts.passages {
        wire::IndexState::Rebuilding
    } else {
        wire::IndexState::Ready
    };
    Ok(Json(wire::Status {
        version: status.version.to_owned(),
        documents: wire::DocumentCounts {
            total: counts.pending + counts.reading + counts.ready + counts.failed,
            ready: counts.ready,
            reading: counts.reading,
            pending: counts.pending,
            failed: counts.failed,
        },
        passages: counts.passages,
        vectors: counts.vectors,
        qa: counts.qa,
        conversations: counts.conversations,
        messages: counts.messages,
        embedder: wire::Embedder {
            name: status.embedder,
            state: embedder,
            gathered: status.gathered,
            choices: choices.collect(),
        },
        index,
        demo: status.demo,
        jobs: jobs(&api, &who).await?,
        last_backup: last_backup(&api, &who).await?,
    }))
}

/// Every host the program spoke to since it started
#[utoipa::path(get, path = "/api/hosts", tag = "status",
    responses((status = 200, body = wire::Hosts, description = "the hosts")))]
async fn hosts(State(api): State<Api>, Asker(who): Asker) -> Result<Json<wire::Hosts>, Problem> {
    let hosts = api.app.hosts(&who)?.into_iter().map(|host| wire::Host {
        host: host.host,
        purpose: host.purpose.name().to_owned(),
        count: host.count,
        first_at: Timestamp(host.first).into(),
        last_at: Timestamp(host.last).into(),
    });
    Ok(Json(wire::Hosts {
        items: hosts.collect(),
    }))
}

async fn jobs(api: &Api, who: &Who) -> Result<Option<wire::JobCounts>, Problem> {
    if !who.member.role.may(Permission::ChangeSettings) {
        return Ok(None);
    }
    let count = async |state| {
        let page = api.app.jobs(who, Some(state), None, COUNTED).await?;
        Ok::<_, Problem>(page.items.len() as u64)
    };
    Ok(Some(wire::JobCounts {
        queued: count(JobState::Queued).await?,
        running: count(JobState::Running).await?,
        dead: count(JobState::Dead).await?,
    }))
}

async fn last_backup(api: &Api, who: &Who) -> Result<Option<crate::wire::Time>, Problem> {
    if !who.member.role.may(Permission::Own) {
        return Ok(None);
    }
    let backups = api.app.backups(who).await?;
    Ok(backups.first().map(|backup| backup.made_at.into()))
}
