//! The models that are known: who made them, under which licence, how they are used.

use std::sync::LazyLock;

use serde::Deserialize;

/// A model that can be installed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Spec {
    /// Its name, and the name of its folder.
    pub name: String,
    /// Who made it.
    pub publisher: String,
    /// Its repository on the publisher's hub.
    pub repository: String,
    /// The licence of its weights.
    pub licence: String,
    /// Languages it serves, as ISO 639-1 codes; `multilingual` for about a hundred.
    pub languages: Vec<String>,
    /// How many numbers its vectors have.
    pub dimensions: usize,
    /// How many tokens of a text it reads.
    pub max_tokens: usize,
    /// How the tokens' vectors become one.
    pub pooling: Pooling,
    /// What stands in front of a question.
    pub query_prefix: String,
    /// What stands in front of a passage.
    pub passage_prefix: String,
    /// Its files as published.
    pub files: Vec<ModelFile>,
}

/// A chat model that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChatSpec {
    /// Its name, and the name of its folder.
    pub name: String,
    /// Who made it.
    pub publisher: String,
    /// Its repository on the publisher's hub.
    pub repository: String,
    /// The licence of its weights.
    pub licence: String,
    /// Languages it serves well, as ISO 639-1 codes; `multilingual` for many.
    pub languages: Vec<String>,
    /// The name of its file there.
    pub file: String,
    /// About how many bytes that has; the hub says it exactly.
    pub about: u64,
}

/// A model whose files say all that has to be known to use it: one that turns speech into text, or a reranker.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PublishedSpec {
    /// Its name, and the name of its folder.
    pub name: String,
    /// Who made it.
    pub publisher: String,
    /// Its repository on the publisher's hub.
    pub repository: String,
    /// The licence of its weights.
    pub licence: String,
    /// Languages it hears or reads, as ISO 639-1 codes; `multilingual` for about a hundred.
    pub languages: Vec<String>,
    /// About how many bytes its files have.
    pub about: u64,
    /// Its files as published.
    pub files: Vec<ModelFile>,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ModelFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes, where it is known.
    pub size: Option<u64>,
    /// SHA-256, 64 lowercase hexadecimal digits. Where it is not known the hash that the hub announces for
    /// the file is held against what came.
    pub sha256: Option<String>,
}

/// How the tokens' vectors become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// Their mean.
    Mean,
    /// The first one (`[CLS]`).
    First,
}

/// The embedder a new workspace uses: it serves English and Russian, and finds one by the other.
pub const DEFAULT_EMBEDDER: &str = "multilingual-e5-small";

#[derive(Deserialize)]
struct Manifest {
    models: Vec<Spec>,
    chats: Vec<ChatSpec>,
    speech: Vec<PublishedSpec>,
    rerankers: Vec<PublishedSpec>,
}

static KNOWN: LazyLock<Manifest> = LazyLock::new(|| {
    let text = include_str!("../../../../../assets/models/manifest.json");
    serde_json::from_str(text).expect("the manifest is part of the program and tested")
});

/// All embedders that are known, the default one first.
pub fn known() -> &'static [Spec] {
    &KNOWN.models
}

/// The chat models that can be downloaded, the smallest first.
pub fn chats() -> &'static [ChatSpec] {
    &KNOWN.chats
}

/// The chat model of that name.
pub fn find_chat(name: &str) -> Option<&'static ChatSpec> {
    chats().iter().find(|spec| spec.name == name)
}

/// The models that turn speech into text, the smallest first.
pub fn speech() -> &'static [PublishedSpec] {
    &KNOWN.speech
}

/// The model of that name that turns speech into text.
pub fn find_speech(name: &str) -> Option<&'static PublishedSpec> {
    speech().iter().find(|spec| spec.name == name)
}

/// The models that say how well a passage answers a question, the smallest first.
pub fn rerankers() -> &'static [PublishedSpec] {
    &KNOWN.rerankers
}

/// The reranker of that name.
pub fn find_reranker(name: &str) -> Option<&'static PublishedSpec> {
    rerankers().iter().find(|spec| spec.name == name)
}

/// The model of that name that turns speech into text, or reranks.
pub fn find_published(name: &str) -> Option<&'static PublishedSpec> {
    find_speech(name).or_else(|| find_reranker(name))
}

/// The embedder of that name.
pub fn find(name: &str) -> Option<&'static Spec> {
    known().iter().find(|spec| spec.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_read_and_begins_with_the_default() {
        assert_eq!(known()[0].name, DEFAULT_EMBEDDER);
        for spec in known() {
            assert_eq!(spec.files.len(), 3, "{}", spec.name);
            let hashes = spec.files.iter().filter_map(|file| file.sha256.as_ref());
            assert!(hashes.into_iter().all(|hash| hash.len() == 64));
        }
        assert!(speech().is_sorted_by_key(|spec| spec.about));
        assert!(rerankers().is_sorted_by_key(|spec| spec.about));
        for spec in speech().iter().chain(rerankers()) {
            assert_eq!(spec.files.len(), 3, "{}", spec.name);
        }
        assert!(chats().is_sorted_by_key(|spec| spec.about));
        for spec in chats() {
            assert!(spec.file.ends_with(".gguf"), "{}", spec.name);
            assert_eq!(spec.licence, "Apache-2.0", "{}", spec.name);
        }
    }
}
