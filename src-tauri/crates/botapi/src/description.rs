//! The Bot API's machine-readable description, and what does not fit it. It is handed in as bytes; nothing of
//! it is part of the program.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::parameters::Parameters;

/// Methods and types of the Bot API with their fields.
#[derive(Debug)]
pub struct Description {
    version: String,
    methods: HashMap<String, Vec<Field>>,
    answers: HashMap<String, Vec<String>>,
    types: HashMap<String, Kind>,
}

#[derive(Debug)]
struct Field {
    name: String,
    types: Vec<String>,
    required: bool,
}

#[derive(Debug)]
enum Kind {
    Object(Vec<Field>),
    OneOf(Vec<String>),
}

/// Why a description cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    /// It is no JSON.
    #[error("cannot read the description")]
    Json(#[from] serde_json::Error),
    /// It has no methods or no types.
    #[error("the description has no {0}")]
    Missing(&'static str),
}

/// What Bot API 10.3 added for streaming (A3), unknown to older descriptions.
const NEWER: [(&str, &str); 2] = [
    ("sendmessagedraft", "can_stop"),
    ("sendmessagedraft", "keep_on_stop"),
];
/// The same of types: Bot API 10.3, required there of every administrator.
const NEWER_OF_TYPES: [(&str, &str); 1] =
    [("ChatMemberAdministrator", "can_send_welcome_messages")];
/// Values nested deeper than this are no values of the Bot API.
const DEEPEST: usize = 32;

impl Description {
    /// Reads the description: `methods` and `types`, each with `fields` of `name`, `types`, `required`.
    pub fn parse(bytes: &[u8]) -> Result<Description, DescriptionError> {
        let json: Value = serde_json::from_slice(bytes)?;
        let part = |name: &'static str| {
            let part = json.get(name).and_then(Value::as_object);
            part.ok_or(DescriptionError::Missing(name))
        };
        let mut methods = HashMap::new();
        let mut answers = HashMap::new();
        for (name, method) in part("methods")? {
            methods.insert(name.to_lowercase(), fields(method));
            let returns = method.get("returns").and_then(Value::as_array);
            answers.insert(
                name.to_lowercase(),
                returns.map_or(Vec::new(), |all| texts(all)),
            );
        }
        for (method, name) in NEWER {
            add_flag(methods.entry(method.to_owned()).or_default(), name);
        }
        let mut types = HashMap::new();
        for (name, kind) in part("types")? {
            let subtypes = kind.get("subtypes").and_then(Value::as_array);
            let kind = match subtypes {
                Some(subtypes) if !subtypes.is_empty() => Kind::OneOf(texts(subtypes)),
                _ => Kind::Object(fields(kind)),
            };
            types.insert(name.clone(), kind);
        }
        for (kind, name) in NEWER_OF_TYPES {
            if let Some(Kind::Object(known)) = types.get_mut(kind) {
                add_flag(known, name);
            }
        }
        let version = json.get("version").and_then(Value::as_str);
        Ok(Description {
            version: version.unwrap_or_default().to_owned(),
            methods,
            answers,
            types,
        })
    }

    /// Of which Bot API (`Bot API 10.1`).
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What a call does against the description: required fields, types, unknown fields.
    pub fn check_call(&self, method: &str, parameters: &Parameters) -> Vec<String> {
        let Some(fields) = self.methods.get(&method.to_lowercase()) else {
            return vec![format!("{method}: no such method")];
        };
        let mut wrong = Vec::new();
        for field in fields.iter().filter(|field| field.required) {
            let here = parameters.has(&field.name) || parameters.file(&field.name).is_some();
            if !here {
                wrong.push(format!("{method}: required {} is missing", field.name));
            }
        }
        for (name, value) in parameters.values() {
            let path = format!("{method}.{name}");
            match fields.iter().find(|field| field.name == *name) {
                None => wrong.push(format!("{path}: unknown field")),
                Some(field) => self.check_text(&path, &field.types, value, &mut wrong),
            }
        }
        wrong
    }

    /// What a method's result does against the description.
    pub fn check_answer(&self, method: &str, result: &Value) -> Vec<String> {
        let Some(types) = self.answers.get(&method.to_lowercase()) else {
            return vec![format!("{method}: no such method")];
        };
        let mut wrong = Vec::new();
        self.check_value(method, types, result, 0, &mut wrong);
        wrong
    }

    /// What an object does against a type of the description.
    pub fn check_object(&self, kind: &str, value: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.check_value(kind, &[kind.to_owned()], value, 0, &mut wrong);
        wrong
    }

    /// Forms carry everything as text: read it as what the field may be.
    fn check_text(&self, path: &str, types: &[String], value: &Value, wrong: &mut Vec<String>) {
        let Value::String(text) = value else {
            return self.check_value(path, types, value, 0, wrong);
        };
        let plain = |kind: &String| kind == "String" || kind == "InputFile";
        if types.iter().any(plain) {
            return;
        }
        match serde_json::from_str::<Value>(text) {
            Ok(read) => self.check_value(path, types, &read, 0, wrong),
            // Booleans are sent as True and False too, by programs in Python.
            Err(_) if types.iter().any(|kind| kind == "Boolean") => {
                if !matches!(
                    text.to_lowercase().as_str(),
                    "true" | "false" | "yes" | "no"
                ) {
                    wrong.push(format!("{path}: not a Boolean"));
                }
            }
            Err(_) => wrong.push(format!("{path}: not of {}", types.join(" or "))),
        }
    }

    fn check_value(
        &self,
        path: &str,
        types: &[String],
        value: &Value,
        depth: usize,
        wrong: &mut Vec<String>,
    ) {
        if depth > DEEPEST {
            wrong.push(format!("{path}: nested too deep"));
            return;
        }
        let mut least: Option<Vec<String>> = None;
        for kind in types {
            let mut found = Vec::new();
            self.check_kind(path, kind, value, depth, &mut found);
            if found.is_empty() {
                return;
            }
            if least.as_ref().is_none_or(|least| found.len() < least.len()) {
                least = Some(found);
            }
        }
        wrong.extend(least.unwrap_or_default());
    }

    fn check_kind(
        &self,
        path: &str,
        kind: &str,
        value: &Value,
        depth: usize,
        wrong: &mut Vec<String>,
    ) {
        if let Some(inner) = kind.strip_prefix("Array of ") {
            let Some(items) = value.as_array() else {
                wrong.push(format!("{path}: not an array"));
                return;
            };
            let inner = [inner.to_owned()];
            for (at, item) in items.iter().enumerate() {
                self.check_value(&format!("{path}[{at}]"), &inner, item, depth + 1, wrong);
            }
            return;
        }
        let fits = match kind {
            "String" | "InputFile" => value.is_string(),
            "Integer" => value.is_i64() || value.is_u64(),
            "Float" => value.is_number(),
            "Boolean" => value.is_boolean(),
            "True" => *value == Value::Bool(true),
            _ => match self.types.get(kind) {
                Some(Kind::OneOf(kinds)) => {
                    self.check_value(path, kinds, value, depth + 1, wrong);
                    return;
                }
                Some(Kind::Object(fields)) => {
                    self.check_fields(path, kind, fields, value, depth, wrong);
                    return;
                }
                None => false,
            },
        };
        if !fits {
            wrong.push(format!("{path}: not of {kind}"));
        }
    }

    fn check_fields(
        &self,
        path: &str,
        kind: &str,
        fields: &[Field],
        value: &Value,
        depth: usize,
        wrong: &mut Vec<String>,
    ) {
        let Value::Object(object) = value else {
            wrong.push(format!("{path}: not an object ({kind})"));
            return;
        };
        for field in fields.iter().filter(|field| field.required) {
            if !object.contains_key(&field.name) {
                wrong.push(format!(
                    "{path}: required {} of {kind} is missing",
                    field.name
                ));
            }
        }
        self.check_present(path, kind, fields, object, depth, wrong);
    }

    fn check_present(
        &self,
        path: &str,
        kind: &str,
        fields: &[Field],
        object: &Map<String, Value>,
        depth: usize,
        wrong: &mut Vec<String>,
    ) {
        for (name, inner) in object {
            let inner_path = format!("{path}.{name}");
            match fields.iter().find(|field| field.name == *name) {
                None => wrong.push(format!("{inner_path}: unknown field of {kind}")),
                Some(field) => {
                    self.check_value(&inner_path, &field.types, inner, depth + 1, wrong);
                }
            }
        }
    }
}

/// Adds a Boolean that may be there, unless it is known.
fn add_flag(known: &mut Vec<Field>, name: &str) {
    if !known.iter().any(|field| field.name == name) {
        known.push(Field {
            name: name.to_owned(),
            types: vec!["Boolean".to_owned()],
            required: false,
        });
    }
}

fn fields(of: &Value) -> Vec<Field> {
    let fields = of.get("fields").and_then(Value::as_array);
    let fields = fields.into_iter().flatten();
    fields
        .map(|field| Field {
            name: field["name"].as_str().unwrap_or_default().to_owned(),
            types: texts(field["types"].as_array().unwrap_or(&Vec::new())),
            required: field["required"].as_bool().unwrap_or(false),
        })
        .collect()
}

fn texts(values: &[Value]) -> Vec<String> {
    let texts = values.iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
