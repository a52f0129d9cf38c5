//! One file a route group: what is read from a request, which use case it is, what is answered.

pub mod activity;
pub mod answers;
pub mod assistant_versions;
pub mod assistants;
pub mod audit;
pub mod backups;
pub mod bots;
pub mod conversations;
pub mod demo;
pub mod doctor;
pub mod documents;
pub mod events;
pub mod first_run;
pub mod following;
pub mod handoffs;
pub mod health;
pub mod home;
pub mod host;
pub mod hours;
pub mod improve;
pub mod inbox;
pub mod inbox_labels;
pub mod invitations;
pub mod jobs;
pub mod labels;
pub mod mail;
pub mod models;
pub mod network;
pub mod originals;
pub mod qa;
pub mod saved_replies;
pub mod search;
pub mod second_step;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod simulator;
pub mod sources;
pub mod status;
pub mod team;
pub mod updates;
pub mod upload;
pub mod versions;
pub mod webhooks;

use std::str::FromStr;

use domain::language::Language;

use crate::problem::Problem;

/// Rows of a page, unless the caller says otherwise.
const PAGE: u32 = 50;
/// The most rows a page has.
const MAX_PAGE: u32 = 200;

/// How many rows are asked for; a problem unless it is 1..=200.
fn rows(limit: Option<u32>) -> Result<u32, Problem> {
    match limit.unwrap_or(PAGE) {
        rows @ 1..=MAX_PAGE => Ok(rows),
        _ => Err(Problem::invalid("limit", "this is not between 1 and 200")),
    }
}

/// An optional parameter in its own type, or a problem that names it.
fn parsed<T: FromStr>(name: &'static str, text: Option<String>) -> Result<Option<T>, Problem> {
    let text = text.filter(|text| !text.is_empty());
    let parsed = text.map(|text| text.parse()).transpose();
    parsed
        .map_err(|_| Problem::invalid(name, "this is not what a parameter of this name looks like"))
}

/// The language in which something is told; a problem unless it is one that the program speaks.
fn told_in(language: Option<&str>) -> Result<Language, Problem> {
    match language.unwrap_or_default() {
        "" | "en" => Ok(Language::EN),
        "ru" => Ok(Language::RU),
        _ => Err(Problem::invalid("language", "this is not en or ru")),
    }
}

use crate::routing::Routes;

/// Every route of the API.
pub fn all() -> Routes {
    Routes::new()
        .merge(session::router())
        .merge(sessions::router())
        .merge(second_step::router())
        .merge(team::router())
        .merge(invitations::router())
        .merge(mail::router())
        .merge(status::router())
        .merge(home::router())
        .merge(activity::router())
        .merge(audit::router())
        .merge(first_run::router())
        .merge(sources::router())
        .merge(following::router())
        .merge(documents::router())
        .merge(versions::router())
        .merge(labels::router())
        .merge(upload::router())
        .merge(originals::router())
        .merge(qa::router())
        .merge(improve::router())
        .merge(assistants::router())
        .merge(assistant_versions::router())
        .merge(conversations::router())
        .merge(answers::router())
        .merge(handoffs::router())
        .merge(inbox::router())
        .merge(inbox_labels::router())
        .merge(saved_replies::router())
        .merge(bots::router())
        .merge(host::router())
        .merge(hours::router())
        .merge(simulator::router())
        .merge(webhooks::router())
        .merge(search::router())
        .merge(settings::router())
        .merge(models::router())
        .merge(network::router())
        .merge(updates::router())
        .merge(demo::router())
        .merge(backups::router())
        .merge(jobs::router())
        .merge(doctor::router())
        .merge(events::router())
        .merge(health::router())
}
