//! Reading a document into passages, in a child process, and putting them where they are found.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::document::{Document, Passage, ReadFailure};
use domain::id::{DocumentId, JobId, PassageId};
use domain::job::Lease;
use domain::language::Language;
use extract::Extracted;
use store::reading::ReadDone;
use tokio::sync::mpsc;

use crate::App;
use crate::error::Result;
use crate::indexes::blocking;
use crate::work::is_gone;

/// Least time between two rows of progress.
const PROGRESS: Duration = Duration::from_millis(300);

impl App {
    pub(crate) async fn read_job(&self, lease: &Lease, id: DocumentId) -> Result<()> {
        let workspace = lease.job.workspace_id;
        let store = self.workspace(workspace);
        let document = match store.document(id).await.map_err(Into::into) {
            Ok(document) => document,
            Err(error) if is_gone(&error) => {
                self.inner.store.finish_job(lease).await?;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let read = self.extract(lease, &document).await?;
        match read {
            Err(cause) => {
                store.document_failed(lease, id, cause, self.now()).await?;
            }
            Ok(extracted) => {
                let done = self.done(&document, extracted).await?;
                store.document_read(lease, id, done, self.now()).await?;
            }
        }
        self.catch_up_soon(workspace);
        Ok(())
    }

    /// Reads the original in a child process and keeps its progress in the store.
    async fn extract(
        &self,
        lease: &Lease,
        document: &Document,
    ) -> Result<std::result::Result<Extracted, ReadFailure>> {
        let store = self.workspace(lease.job.workspace_id);
        let path = self.inner.store.file_path(&document.content_hash);
        let reader = Arc::clone(&self.inner.reader);
        let name = telling_name(document);
        let (sender, mut progress) = mpsc::channel(4);
        let mut last = Instant::now();
        let reading = tokio::task::spawn_blocking(move || {
            reader.read(&path, &name, &mut |done, total| {
                if last.elapsed() >= PROGRESS {
                    last = Instant::now();
                    // A full channel only means that the store is slower than the reader.
                    let _ = sender.try_send((done, total));
                }
            })
        });
        // Most documents are read before anybody could see that they are being read.
        let mut said = tokio::time::timeout(PROGRESS, progress.recv())
            .await
            .unwrap_or(Some((0, 0)));
        while let Some((done, total)) = said {
            store
                .reading(lease, document.id, done, total, self.now())
                .await?;
            said = progress.recv().await;
        }
        Ok(reading.await.unwrap_or(Err(ReadFailure::ReaderStopped)))
    }

    async fn done(&self, document: &Document, extracted: Extracted) -> Result<ReadDone> {
        let document_id = document.id;
        let (extracted, drafts) = blocking(move || {
            let drafts = search::passages(&extracted.blocks);
            Ok((extracted, drafts))
        })
        .await?;
        let passages: Vec<Passage> = (0..)
            .zip(drafts)
            .map(|(ordinal, draft)| Passage {
                id: PassageId(self.new_id()),
                document_id,
                ordinal,
                text: draft.text,
                headings: draft.headings,
                page: draft.page,
                start: draft.start,
                end: draft.end,
                language: draft.language,
                table: draft.table,
            })
            .collect();
        let title = extracted.title.filter(|title| !title.trim().is_empty());
        Ok(ReadDone {
            title: title.unwrap_or_else(|| without_ending(&document.name)),
            media_type: extracted.media_type,
            language: most_common(&passages),
            blocks: extracted.blocks,
            passages,
            report: extracted.report,
            embed_job: Some(JobId(self.new_id())),
        })
    }
}

/// The document's name with an ending that tells what it is: addresses of pages have none.
fn telling_name(document: &Document) -> String {
    let ending = match document.media_type.as_str() {
        "text/html" => ".html",
        "text/markdown" => ".md",
        "text/csv" => ".csv",
        "text/tab-separated-values" => ".tsv",
        _ => "",
    };
    match document.name.to_lowercase().ends_with(ending) {
        true => document.name.clone(),
        false => format!("{}{ending}", document.name),
    }
}

/// The file's name without its ending, as a title.
fn without_ending(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.chars().count() <= 5 => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// The language of most of the text.
fn most_common(passages: &[Passage]) -> Language {
    let mut sizes: std::collections::BTreeMap<Language, usize> = std::collections::BTreeMap::new();
    for passage in passages
        .iter()
        .filter(|passage| passage.language != Language::UNKNOWN)
    {
        *sizes.entry(passage.language).or_default() += passage.text.len();
    }
    sizes
        .into_iter()
        .max_by_key(|(_, size)| *size)
        .map_or(Language::UNKNOWN, |(language, _)| language)
}
