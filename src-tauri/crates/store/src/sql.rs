//! How rows become values: the few functions that every table's file uses. No SQL of its own.

use domain::id::{ConversationId, WorkspaceId};
use domain::language::Language;
use domain::time::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::StoreError;

/// Runs a statement; says how many rows it changed.
pub(crate) fn run(conn: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    Ok(conn.prepare_cached(sql)?.execute(params)?)
}

/// The first row, if there is one.
pub(crate) fn one<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    match rows.next()? {
        Some(row) => Ok(Some(read(row)?)),
        None => Ok(None),
    }
}

/// The first row; `NotFound` when there is none.
pub(crate) fn the<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    one(conn, sql, params, read)?.ok_or(StoreError::NotFound)
}

/// All rows.
pub(crate) fn many<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(read(row)?);
    }
    Ok(out)
}

/// The first `most` of those rows of which `read` makes something; no row behind them is looked at.
pub(crate) fn picked<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    most: usize,
    mut read: impl FnMut(&Row<'_>) -> Result<Option<T>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut out = Vec::new();
    while out.len() < most
        && let Some(row) = rows.next()?
    {
        out.extend(read(row)?);
    }
    Ok(out)
}

/// The log of a conversation in the order in which it came about: JSON in the first column of a `statement` that
/// gives the newest first, at most `?3` of them.
pub(crate) fn log<T: DeserializeOwned>(
    conn: &Connection,
    statement: &str,
    workspace: WorkspaceId,
    conversation: ConversationId,
    most: u32,
) -> Result<Vec<T>, StoreError> {
    let params = rusqlite::params![workspace.0.into_bytes(), conversation.0.into_bytes(), most];
    let mut log = many(conn, statement, params, |row| json_at(row, 0))?;
    log.reverse();
    Ok(log)
}

/// True when there is a row.
pub(crate) fn any(conn: &Connection, sql: &str, params: impl Params) -> Result<bool, StoreError> {
    Ok(conn.prepare_cached(sql)?.exists(params)?)
}

/// An id.
pub(crate) fn id_at(row: &Row<'_>, column: usize) -> Result<Uuid, StoreError> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

/// An id, where there is one.
pub(crate) fn maybe_id_at(row: &Row<'_>, column: usize) -> Result<Option<Uuid>, StoreError> {
    Ok(row
        .get::<_, Option<[u8; 16]>>(column)?
        .map(Uuid::from_bytes))
}

/// A moment.
pub(crate) fn time_at(row: &Row<'_>, column: usize) -> Result<Timestamp, StoreError> {
    Ok(Timestamp(row.get(column)?))
}

/// A number that is never negative.
pub(crate) fn count_at(row: &Row<'_>, column: usize) -> Result<u64, StoreError> {
    let number: i64 = row.get(column)?;
    let outside = || rusqlite::Error::IntegralValueOutOfRange(column, number);
    Ok(u64::try_from(number).map_err(|_| outside())?)
}

/// A language.
pub(crate) fn language_at(row: &Row<'_>, column: usize) -> Result<Language, StoreError> {
    let unreadable =
        |error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error));
    Ok(Language::try_from(row.get::<_, String>(column)?).map_err(unreadable)?)
}

/// What is kept as JSON.
pub(crate) fn json_at<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, StoreError> {
    Ok(serde_json::from_str(
        row.get_ref(column)?
            .as_str()
            .map_err(|error| StoreError::Unreadable(error.to_string()))?,
    )?)
}

/// A word of a closed list, as [`word`] writes it.
pub(crate) fn word_at<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, StoreError> {
    from_word(row.get(column)?)
}

/// A word of a closed list, read back.
pub(crate) fn from_word<T: DeserializeOwned>(word: String) -> Result<T, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::String(word))?)
}

/// How a value is kept as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value)?)
}

/// The word of a value of a closed list: the one that serde writes for it.
pub(crate) fn word(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(StoreError::Unreadable(format!("{other} is not one word"))),
    }
}

/// A number for SQLite, which has no unsigned ones; stops at the end of the range.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The form in which lists are searched: lowercase, `ё` as `е`.
pub(crate) fn findable(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}
