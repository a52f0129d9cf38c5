//! The shapes of the HTTP contract, converted by hand from the domain's.
//!
//! Owns: every type that is read from or written to JSON, with its examples. Not here: what is done with it
//! (`routes`), and error bodies (`problem`).

pub mod activity;
pub mod assistant_past;
pub mod assistant_versions;
pub mod assistants;
pub mod audit;
pub mod backups;
pub mod bots;
pub mod contacts;
pub mod conversations;
pub mod doctor;
pub mod documents;
pub mod events;
pub mod first_run;
pub mod following;
pub mod handoff;
pub mod handoffs;
pub mod home;
pub mod host;
pub mod hours;
pub mod improve;
pub mod inbox;
pub mod invitations;
pub mod jobs;
pub mod labels;
pub mod mail;
pub mod models;
pub mod network;
pub mod qa;
pub mod search;
pub mod second_step;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod simulator;
pub mod status;
pub mod team;
pub mod trace;
pub mod updates;
pub mod versions;

use std::fmt;
use std::str::FromStr;

use domain::language;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// An id: 32 lowercase hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    example = "0193513c7d4a7c21a5a1b2c3d4e5f607",
    pattern = "^[0-9a-f]{32}$"
)]
pub struct Id(String);

impl Id {
    /// The id as it is printed.
    pub fn of(id: impl fmt::Display) -> Id {
        Id(id.to_string())
    }

    /// The domain's id, or a problem that names `field`.
    pub fn parse<T: FromStr>(&self, field: &'static str) -> Result<T, Problem> {
        self.0
            .parse()
            .map_err(|_| Problem::invalid(field, "this is not an id"))
    }
}

/// A moment, RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(format = DateTime, example = "2026-11-22T10:15:30.25Z")]
pub struct Time(String);

impl From<Timestamp> for Time {
    fn from(moment: Timestamp) -> Time {
        let moment = jiff::Timestamp::from_microsecond(moment.0).unwrap_or(jiff::Timestamp::MAX);
        Time(moment.to_string())
    }
}

/// An ISO 639-1 code in lowercase; empty when the language is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = "en", pattern = "^([a-z]{2})?$")]
pub struct Language(String);

impl From<language::Language> for Language {
    fn from(language: language::Language) -> Language {
        Language(language.code().to_owned())
    }
}

impl Language {
    /// A code as it came.
    pub fn of(code: &str) -> Language {
        Language(code.to_owned())
    }

    /// The domain's language, or a problem that names `field`.
    pub fn parse(self, field: &'static str) -> Result<language::Language, Problem> {
        language::Language::try_from(self.0)
            .map_err(|_| Problem::invalid(field, "this is not a two-letter language code"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(
            Time::from(Timestamp(1_500_000)),
            Time("1970-01-01T00:00:01.5Z".to_owned())
        );
        assert!(Time::from(Timestamp(i64::MAX)).0.starts_with("9999-"));
    }
}
