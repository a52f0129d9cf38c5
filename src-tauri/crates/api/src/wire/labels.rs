//! Labels, parts of the knowledge, and what documents can be told apart by.

use domain::scope;
use serde::{Deserialize, Serialize};
use store::labels;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::wire::Id;

/// Labels to put on documents and to take off.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LabelChange {
    /// The documents, at most 200.
    pub documents: Vec<Id>,
    /// Labels to put on: one line of at most 40 characters without a comma. A document has at most 20.
    #[serde(default)]
    #[schema(example = json!(["Prices"]))]
    pub add: Vec<String>,
    /// Labels to take off.
    #[serde(default)]
    #[schema(example = json!(["Draft"]))]
    pub remove: Vec<String>,
}

/// A part of the knowledge: documents of any of these sources that carry any of these labels.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Scope {
    /// Only of these sources; empty for all.
    #[serde(default)]
    #[schema(required)]
    pub sources: Vec<Id>,
    /// Only with one of these labels; empty for all.
    #[serde(default)]
    #[schema(required, example = json!(["Prices"]))]
    pub labels: Vec<String>,
}

/// What documents there are, each with how many documents are like that, most first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentKinds {
    /// Labels.
    pub labels: Vec<Kind>,
    /// What documents were read as: `pdf`, `docx` …
    pub formats: Vec<Kind>,
    /// Languages, as ISO 639-1 codes.
    pub languages: Vec<Kind>,
}

/// One kind of documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Kind {
    /// Its name.
    #[schema(example = "pdf")]
    pub name: String,
    /// How many documents are of it.
    #[schema(example = 12)]
    pub documents: u64,
}

impl From<labels::Kinds> for DocumentKinds {
    fn from(kinds: labels::Kinds) -> DocumentKinds {
        let kind = |(name, documents): (String, u64)| Kind { name, documents };
        let labels = kinds.labels.into_iter();
        let languages = kinds.languages.into_iter();
        DocumentKinds {
            labels: labels
                .map(|(label, documents)| kind((label.into(), documents)))
                .collect(),
            formats: kinds.formats.into_iter().map(kind).collect(),
            languages: languages
                .map(|(language, documents)| kind((language.code().to_owned(), documents)))
                .collect(),
        }
    }
}

impl From<scope::Scope> for Scope {
    fn from(scope: scope::Scope) -> Scope {
        Scope {
            sources: scope.sources.into_iter().map(Id::of).collect(),
            labels: scope.labels.into_iter().map(String::from).collect(),
        }
    }
}

impl Scope {
    /// The domain's scope, or a problem that names what is wrong.
    pub fn parse(self) -> Result<scope::Scope, Problem> {
        let sources = self.sources.iter().map(|id| id.parse("sources"));
        Ok(scope::Scope {
            sources: sources.collect::<Result<_, _>>()?,
            labels: parsed("labels", self.labels)?,
        })
    }
}

/// The domain's labels, or a problem that names `field`.
pub fn parsed(field: &'static str, labels: Vec<String>) -> Result<Vec<scope::Label>, Problem> {
    let parsed = labels.into_iter().map(scope::Label::try_from);
    parsed.collect::<Result<_, _>>().map_err(|_| {
        Problem::invalid(
            field,
            "a label is one line of at most 40 characters without a comma",
        )
    })
}
