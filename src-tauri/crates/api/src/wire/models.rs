//! Models as the pages see them.

use app::models;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The models of this computer, and those that can be had.
#[derive(Debug, Serialize, ToSchema)]
pub struct Models {
    /// Those that are there.
    pub installed: Vec<Model>,
    /// Those that can be downloaded from their publishers.
    pub offered: Vec<OfferedModel>,
}

/// What a model is for.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "chat")]
pub enum ModelKind {
    /// It makes vectors of texts.
    Embedder,
    /// It writes answers.
    Chat,
    /// It turns speech into words.
    Speech,
    /// It puts found passages in order.
    Reranker,
}

/// Whether a model fits into this computer's memory.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "fits")]
pub enum ModelFit {
    /// There is room.
    Fits,
    /// There is room when other programs give some back.
    Tight,
    /// The computer has not that much memory.
    TooLarge,
    /// The system does not say how much there is.
    Unknown,
}

/// A GGUF file of a chat model for upload, `multipart/form-data`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "read as a stream; this shape is for the contract")]
pub struct ModelFile {
    /// The file, at most 64 GiB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    pub file: Vec<u8>,
}

/// A model that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelTaken {
    /// Its name, made of the file's.
    #[schema(example = "qwen3-1.7b")]
    pub name: String,
}

/// A model that is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Model {
    /// Its name.
    #[schema(example = "qwen2.5-1.5b-instruct")]
    pub name: String,
    /// What it is for.
    pub kind: ModelKind,
    /// What it takes on the disk, in bytes.
    #[schema(example = 1_117_320_768)]
    pub size: u64,
    /// True while it is in memory.
    pub loaded: bool,
    /// Whether it fits.
    pub fit: ModelFit,
}

/// A model that can be downloaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedModel {
    /// Its name.
    #[schema(example = "qwen2.5-1.5b-instruct")]
    pub name: String,
    /// What it is for.
    pub kind: ModelKind,
    /// Who made it.
    #[schema(example = "Qwen")]
    pub publisher: String,
    /// The licence of its weights.
    #[schema(example = "Apache-2.0")]
    pub licence: String,
    /// Languages it serves, as ISO 639-1 codes; `multilingual` for many.
    #[schema(example = json!(["multilingual", "en", "ru"]))]
    pub languages: Vec<String>,
    /// About how many bytes it has; 0 where that is not known.
    #[schema(example = 1_117_000_000)]
    pub about: u64,
    /// Whether it fits.
    pub fit: ModelFit,
    /// How its download fares; null where there was none.
    #[schema(required)]
    pub download: Option<ModelDownload>,
}

/// How a download fares.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelDownload {
    /// True while it runs.
    pub running: bool,
    /// Bytes of the file at hand that are there.
    #[schema(example = 524_288_000)]
    pub there: u64,
    /// Bytes expected of it; 0 where that is not known.
    #[schema(example = 1_117_320_768)]
    pub expected: u64,
    /// Why it ended; null while it runs. What came is kept.
    #[schema(required, example = "the model's hub cannot be spoken to")]
    pub failed: Option<String>,
}

/// What a chat model is to answer.
#[derive(Deserialize, ToSchema)]
pub struct ModelTrial {
    /// A few words.
    #[schema(example = "Say hello in one sentence.", max_length = 500)]
    pub text: String,
}

/// What it wrote, and how fast.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelTried {
    /// Its words.
    #[schema(example = "Hello! How can I help you today?")]
    pub text: String,
    /// Tokens of a prompt that it reads in a second.
    #[schema(example = 42.5)]
    pub reads: f32,
    /// Tokens that it writes in a second.
    #[schema(example = 9.1)]
    pub writes: f32,
}

impl From<models::Models> for Models {
    fn from(models: models::Models) -> Models {
        Models {
            installed: models.installed.into_iter().map(Model::from).collect(),
            offered: models.offered.into_iter().map(OfferedModel::from).collect(),
        }
    }
}

impl From<models::Model> for Model {
    fn from(model: models::Model) -> Model {
        Model {
            name: model.name,
            kind: kind(model.role),
            size: model.size,
            loaded: model.loaded,
            fit: model.fit.into(),
        }
    }
}

impl From<models::Offered> for OfferedModel {
    fn from(model: models::Offered) -> OfferedModel {
        let download = model.download.map(|download| match download {
            models::Download::Running(there, expected) => ModelDownload {
                running: true,
                there,
                expected,
                failed: None,
            },
            models::Download::Failed(why) => ModelDownload {
                running: false,
                there: 0,
                expected: 0,
                failed: Some(why),
            },
        });
        OfferedModel {
            name: model.name,
            kind: kind(model.role),
            publisher: model.publisher,
            licence: model.licence,
            languages: model.languages,
            about: model.about,
            fit: model.fit.into(),
            download,
        }
    }
}

impl From<models::Fit> for ModelFit {
    fn from(fit: models::Fit) -> ModelFit {
        match fit {
            models::Fit::Fits => ModelFit::Fits,
            models::Fit::Tight => ModelFit::Tight,
            models::Fit::TooLarge => ModelFit::TooLarge,
            models::Fit::Unknown => ModelFit::Unknown,
        }
    }
}

impl From<models::Tried> for ModelTried {
    fn from(tried: models::Tried) -> ModelTried {
        ModelTried {
            text: tried.text,
            reads: tried.reads,
            writes: tried.writes,
        }
    }
}

fn kind(role: models::Role) -> ModelKind {
    match role {
        models::Role::Finds => ModelKind::Embedder,
        models::Role::Writes => ModelKind::Chat,
        models::Role::Hears => ModelKind::Speech,
        models::Role::Ranks => ModelKind::Reranker,
    }
}
