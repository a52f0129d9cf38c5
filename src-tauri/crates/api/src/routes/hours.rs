//! Working hours: what is decided at a moment, and why.

use axum::Json;
use axum::extract::State;
use domain::hours::zone::Zone;
use domain::hours::{Hours, State as Standing, Why};
use domain::id::AssistantId;
use domain::language::Language;
use domain::time::Timestamp;
use jiff::civil::DateTime;

use crate::asker::{Asked, Asker, Body};
use crate::problem::Problem;
use crate::routes::{parsed, told_in};
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::Id;
use crate::wire::hours as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(explain, explain_these))
}

/// What an assistant's hours decide at a moment, and which rule it is
#[utoipa::path(get, path = "/api/hours/explain", tag = "assistants",
    params(wire::ExplainQuery),
    responses((status = 200, body = wire::HoursExplained, description = "the decision")))]
async fn explain(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::ExplainQuery>,
) -> Result<Json<wire::HoursExplained>, Problem> {
    let language = told_in(asked.language.as_deref())?;
    let assistant = match parsed::<AssistantId>("assistant", asked.assistant)? {
        Some(id) => api.app.assistant(&who, id).await?,
        None => {
            let first = api.app.assistants(&who).await?.into_iter().next();
            first.ok_or_else(Problem::not_found)?
        }
    };
    let hours = assistant.settings.hours;
    explained(&api, assistant.id, hours, asked.at, language)
}

/// What hours that are not saved yet would decide at a moment, and which rule it is
#[utoipa::path(post, path = "/api/hours/explain", tag = "assistants",
    request_body = wire::ExplainHours,
    responses((status = 200, body = wire::HoursExplained, description = "the decision")))]
async fn explain_these(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::ExplainHours>,
) -> Result<Json<wire::HoursExplained>, Problem> {
    let language = told_in(body.language.as_deref())?;
    let assistant = api
        .app
        .assistant(&who, body.assistant_id.parse("assistant_id")?);
    let assistant = assistant.await?;
    let hours = body.hours.map(wire::Hours::parse).transpose()?;
    if let Some(hours) = &hours {
        let fault = hours.check();
        fault.map_err(|fault| Problem::invalid("hours", fault.to_string()))?;
    }
    explained(&api, assistant.id, hours, body.at, language)
}

fn explained(
    api: &Api,
    assistant_id: AssistantId,
    hours: Option<Hours>,
    at: Option<String>,
    language: Language,
) -> Result<Json<wire::HoursExplained>, Problem> {
    let at = at.filter(|at| !at.is_empty());
    let Some(hours) = hours else {
        let at = moment(api, at.as_deref(), None)?;
        return Ok(Json(wire::HoursExplained {
            assistant_id: Id::of(assistant_id),
            at: at.into(),
            local: None,
            zone: None,
            is_open: true,
            changes_at: None,
            changes_local: None,
            holiday: None,
            outside: None,
            sentences: vec![always_open(language).to_owned()],
        }));
    };
    let zone = &hours.zone;
    let at = moment(api, at.as_deref(), Some(zone))?;
    let (is_open, changes, why) = match hours.state_at(at) {
        Standing::Open { until } => (true, until, None),
        Standing::Closed { opens, why } => (false, opens, Some(why)),
    };
    Ok(Json(wire::HoursExplained {
        assistant_id: Id::of(assistant_id),
        at: at.into(),
        local: Some(zone.local(at).to_string()),
        zone: Some(zone.to_string()),
        is_open,
        changes_at: changes.map(Into::into),
        changes_local: changes.map(|at| zone.local(at).to_string()),
        holiday: match why {
            Some(Why::Holiday(name)) => Some(name),
            Some(Why::OutsideHours) | None => None,
        },
        outside: (!is_open).then(|| hours.outside.into()),
        sentences: hours.explain(at, language),
    }))
}

/// The moment that was asked for: the same everywhere with an offset, else on the clock of the zone (of UTC where
/// there is none).
fn moment(api: &Api, asked: Option<&str>, zone: Option<&Zone>) -> Result<Timestamp, Problem> {
    let wrong = || Problem::invalid("at", "this is not a time such as 2026-12-31T18:30");
    let Some(text) = asked else {
        return Ok(api.app.moment());
    };
    if let Ok(fixed) = text.parse::<jiff::Timestamp>() {
        return Ok(Timestamp(fixed.as_microsecond()));
    }
    let local: DateTime = text.parse().map_err(|_| wrong())?;
    match zone {
        Some(zone) => zone.moment_of(local).ok_or_else(wrong),
        None => {
            let fixed = local.to_zoned(jiff::tz::TimeZone::UTC);
            let fixed = fixed.map_err(|_| wrong())?;
            Ok(Timestamp(fixed.timestamp().as_microsecond()))
        }
    }
}

fn always_open(language: Language) -> &'static str {
    match language == Language::RU {
        true => {
            "Рабочие часы не заданы: помощник отвечает всегда, и человека можно позвать всегда."
        }
        false => {
            "No hours are set: the assistant always answers, and a person can always be asked for."
        }
    }
}
