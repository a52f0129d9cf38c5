//! An index in a temporary folder, and passages to put into it.

use std::collections::HashSet;

use domain::document::Passage;
use domain::id::{DocumentId, PassageId};
use search::{Change, Found, Index, Query};
use tempfile::TempDir;
use uuid::Uuid;

pub struct World {
    pub folder: TempDir,
    pub index: Index,
}

impl World {
    pub fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(&folder.path().join("index")).unwrap();
        World { folder, index }
    }

    /// Documents 1, 2, … of one passage each; a passage has the number of its document times 100.
    pub fn with(texts: &[&str]) -> World {
        let world = World::new();
        let changes: Vec<Change> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| document(at as u128 + 1, &[text]))
            .collect();
        world.index.apply(&changes, texts.len() as u64).unwrap();
        world
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("index")
    }

    /// Closes the index and opens it again.
    pub fn reopened(self) -> World {
        let World { folder, index } = self;
        drop(index);
        let index = Index::open(&folder.path().join("index")).unwrap();
        World { folder, index }
    }

    pub fn found(&self, text: &str) -> Vec<u128> {
        numbers(&self.index.begin(&query(text)).unwrap().finish(&[]))
    }

    /// Closes the index and leaves the folder.
    pub fn closed(self) -> TempDir {
        self.folder
    }
}

pub fn document(number: u128, texts: &[&str]) -> Change {
    let document_id = document_id(number);
    let passages = texts
        .iter()
        .enumerate()
        .map(|(at, text)| Passage {
            id: passage_id(number * 100 + at as u128),
            document_id,
            ordinal: at as u32,
            text: (*text).to_owned(),
            headings: Vec::new(),
            page: None,
            start: 0,
            end: text.chars().count() as u32,
            language: search::language(text),
            table: false,
        })
        .collect();
    Change::PutDocument {
        document_id,
        title: format!("Document {number}"),
        passages,
    }
}

pub fn document_id(number: u128) -> DocumentId {
    DocumentId(Uuid::from_u128(number))
}

pub fn passage_id(number: u128) -> PassageId {
    PassageId(Uuid::from_u128(number))
}

pub fn query(text: &str) -> Query {
    Query {
        text: text.to_owned(),
        language: search::language(text),
        vector: None,
        deviation: None,
        limit: 10,
        documents: None,
    }
}

pub fn query_near(text: &str, vector: [f32; 3]) -> Query {
    Query {
        vector: Some(unit(vector)),
        deviation: Some(0.02),
        ..query(text)
    }
}

pub fn query_within(text: &str, documents: &[u128]) -> Query {
    let documents: HashSet<DocumentId> = documents
        .iter()
        .map(|number| document_id(*number))
        .collect();
    Query {
        documents: Some(documents),
        ..query(text)
    }
}

pub fn unit(vector: [f32; 3]) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter().map(|x| x / length).collect()
}

pub fn vectors(of: &[(u128, [f32; 3])]) -> Change {
    Change::PutVectors(
        of.iter()
            .map(|(number, vector)| (passage_id(*number), unit(*vector)))
            .collect(),
    )
}

pub fn numbers(found: &Found) -> Vec<u128> {
    found
        .hits
        .iter()
        .map(|hit| hit.passage_id.0.as_u128())
        .collect()
}
