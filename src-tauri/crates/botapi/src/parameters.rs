//! A call's parameters, however they came: query, form, multipart or JSON.

use std::str::FromStr;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::failure::Failure;

/// A file sent along with a call.
#[derive(Debug, Clone)]
pub struct Upload {
    /// What the client calls it.
    pub file_name: String,
    /// What the client says it is, where it says so.
    pub mime_type: Option<String>,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

/// A call's parameters and files.
///
/// From a form everything is text; from JSON things have types. The server takes both for the same, and so do
/// the accessors.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    values: Map<String, Value>,
    files: Vec<(String, Upload)>,
}

impl Parameters {
    /// None.
    pub fn new() -> Parameters {
        Parameters::default()
    }

    /// Those of a JSON object; `None` for other JSON.
    pub fn of(value: Value) -> Option<Parameters> {
        match value {
            Value::Object(values) => Some(Parameters {
                values,
                files: Vec::new(),
            }),
            _ => None,
        }
    }

    /// Adds one; a later one of the same name replaces an earlier one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.values.insert(name.into(), value.into());
    }

    /// Adds a file.
    pub fn attach(&mut self, name: impl Into<String>, file: Upload) {
        self.files.push((name.into(), file));
    }

    /// All of them, files apart.
    pub fn values(&self) -> &Map<String, Value> {
        &self.values
    }

    /// The files with the names of their fields.
    pub fn files(&self) -> &[(String, Upload)] {
        &self.files
    }

    /// The file of that field.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        let found = self.files.iter().find(|(field, _)| field == name);
        found.map(|(_, file)| file)
    }

    pub(crate) fn raw(&self, name: &str) -> Option<&Value> {
        match self.values.get(name) {
            Some(Value::Null) | None => None,
            Some(value) => Some(value),
        }
    }

    /// As text; empty where it is absent, as the server has it.
    pub(crate) fn text(&self, name: &str) -> String {
        match self.raw(name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// A number; the server takes 0 for what is none.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.number_of(name).unwrap_or(0)
    }

    pub(crate) fn number_of<T: FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).trim().parse().ok()
    }

    /// `true`, `yes` and `1` mean yes.
    pub(crate) fn flag(&self, name: &str) -> bool {
        let text = self.text(name).trim().to_lowercase();
        matches!(text.as_str(), "true" | "yes" | "1")
    }

    /// JSON, or JSON in a text; `what` names it in the refusal.
    pub(crate) fn json(&self, name: &str, what: &str) -> Result<Option<Value>, Failure> {
        match self.raw(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => match serde_json::from_str(text) {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(Failure::bad(format!("can't parse {what} JSON object"))),
            },
            Some(value) => Ok(Some(value.clone())),
        }
    }
}
