//! What happens while many documents come in: how fast they can be found, how fast they get vectors, what
//! memory that takes, and how long somebody who asks meanwhile waits.
//!
//! `cargo build --profile bench -p app -p engine -p extract --example ingest --bin extract-worker`, then
//! `ingest WORKER DOCUMENTS MODELS SECONDS`: the program that reads documents (the extract-worker), a folder
//! of documents, a folder of models (`-` for none), and how long vectors are watched after the last document
//! can be found. Linux only: memory and processor time are read from /proc.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::clock::SystemClock;
use app::people::FirstOwner;
use app::who::Who;
use app::{App, Parts};
use engine::models::ModelFolder;
use engine::models::download::HUB;
use extract::{Reader, ReaderConfig};
use futures_util::StreamExt;
use net::{Net, NetSettings};
use store::{MasterKey, Store, StoreConfig};
use tokio::sync::watch;

/// Uploads that wait for the disk together.
const UPLOADS: usize = 16;
/// Between two questions.
const ASKED_EVERY: Duration = Duration::from_millis(250);
/// Longest time for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let mut out = std::io::stdout();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [worker, documents, models, seconds] = &arguments[..] else {
        return Err("usage: ingest WORKER DOCUMENTS MODELS SECONDS".into());
    };
    let folder = tempfile::tempdir_in(Path::new(documents).parent().unwrap_or(Path::new(".")))?;
    let app = compose(folder.path(), Path::new(worker), Path::new(models))?;
    app.run().await?;
    let who = owner(&app).await?;
    let mut files: Vec<PathBuf> = fs::read_dir(documents)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();

    let (stop, stopped) = watch::channel(false);
    let asking = tokio::spawn(ask_until(app.clone(), who.clone(), stopped.clone()));
    let searching = tokio::spawn(search_until(app.clone(), who.clone(), stopped));
    let (begun, cpu) = (Instant::now(), cpu_seconds()?);
    let mut uploads = futures_util::stream::iter(&files)
        .map(|path| upload(&app, &who, path))
        .buffered(UPLOADS);
    while let Some(uploaded) = uploads.next().await {
        uploaded?;
    }
    writeln!(
        out,
        "{} documents taken in after {:.1} s",
        files.len(),
        begun.elapsed().as_secs_f64()
    )?;
    loop {
        let status = app.status(&who).await?;
        let is_read = status.counts.pending + status.counts.reading == 0;
        if is_read && status.indexed.0 == status.counts.passages {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = begun.elapsed().as_secs_f64();
    let status = app.status(&who).await?;
    writeln!(
        out,
        "{} documents, {} passages ({} failed) can be found after {took:.1} s, {:.1} processor seconds: {:.0} documents a second; most memory {} MB",
        status.counts.ready,
        status.counts.passages,
        status.counts.failed,
        cpu_seconds()? - cpu,
        files.len() as f64 / took,
        most_memory()?
    )?;
    let (begun, cpu, before) = (Instant::now(), cpu_seconds()?, status.counts.vectors);
    writeln!(out, "{before} of them have a vector by then")?;
    tokio::time::sleep(Duration::from_secs(seconds.parse()?)).await;
    let made = (app.status(&who).await?.counts.vectors - before) as f64;
    writeln!(
        out,
        "{:.1} vectors a second, {:.1} a processor second; most memory {} MB",
        made / begun.elapsed().as_secs_f64(),
        made / (cpu_seconds()? - cpu),
        most_memory()?
    )?;
    stop.send(true)?;
    tell(&mut out, "searches", searching.await??)?;
    tell(&mut out, "answers", asking.await??)?;
    app.close().await?;
    Ok(())
}

fn compose(folder: &Path, worker: &Path, models: &Path) -> Result<App> {
    net::install_crypto();
    let clock = Arc::new(SystemClock);
    let readers = std::thread::available_parallelism()?.get().min(4);
    let config = StoreConfig {
        data: folder.join("data"),
        master_key: MasterKey::File(folder.join("key")),
    };
    let reader = ReaderConfig {
        program: worker.to_owned(),
        arguments: Vec::new(),
        workers: readers,
        timeout: Duration::from_secs(60),
    };
    let now = app::clock::Clock::now(clock.as_ref());
    Ok(App::new(Parts {
        store: Store::open(config, now)?,
        reader: Arc::new(Reader::new(reader)),
        models: ModelFolder::new(models),
        hub: HUB.to_owned(),
        net: Net::new(NetSettings::default(), Arc::new(move || now.0)),
        clock,
        readers,
        channel: None,
        release: testkit::Outside::default().release,
        place: testkit::told(&folder.join("data")),
        log: app::log::Log::default(),
    }))
}

async fn owner(app: &App) -> Result<Who> {
    app.create_owner(FirstOwner {
        business: "Library".to_owned(),
        name: "Olga".to_owned(),
        email: "olga@library.example".to_owned(),
        password: "a long sentence for a bench".to_owned(),
    })
    .await?;
    Ok(app.owner_here().await?.ok_or("there is no owner")?)
}

async fn upload(app: &App, who: &Who, path: &Path) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    app.upload(who, None, &name, File::open(path)?).await?;
    Ok(())
}

const QUESTIONS: [&str; 6] = [
    "What is the boundary layer over a flat plate?",
    "Кто изобрёл паровой двигатель?",
    "Which hormone is measured in the serum of patients?",
    "How many inhabitants did the town have?",
    "Что такое кислород и где он встречается?",
    "Who won the final match in February?",
];

/// Milliseconds of each answer, from the question's arrival to the answer's commit.
async fn ask_until(
    app: App,
    who: Who,
    stopped: watch::Receiver<bool>,
) -> std::result::Result<Vec<f64>, app::error::Error> {
    let assistant = app.assistants(&who).await?.remove(0);
    let mut took = Vec::new();
    for question in QUESTIONS.iter().cycle() {
        tokio::time::sleep(ASKED_EVERY).await;
        if *stopped.borrow() {
            break;
        }
        let conversation = app.start_playground(&who, assistant.id).await?;
        let begun = Instant::now();
        let said = app.say(&who, conversation.id, question, None).await?;
        while begun.elapsed() < PATIENCE {
            let answer = app.answer_to(&who, conversation.id, said.message_id);
            if answer.await?.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        took.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(took)
}

/// Milliseconds of each search.
async fn search_until(
    app: App,
    who: Who,
    stopped: watch::Receiver<bool>,
) -> std::result::Result<Vec<f64>, app::error::Error> {
    let mut took = Vec::new();
    for question in QUESTIONS.iter().cycle() {
        tokio::time::sleep(ASKED_EVERY).await;
        if *stopped.borrow() {
            break;
        }
        let begun = Instant::now();
        app.search_test(&who, question, 10).await?;
        took.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(took)
}

fn tell(out: &mut impl Write, what: &str, mut took: Vec<f64>) -> Result<()> {
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get(((took.len() as f64 - 1.0) * share).round() as usize);
    let at = |share: f64| at(share).copied().unwrap_or_default();
    writeln!(
        out,
        "{} {what} meanwhile: p50 {:.0} ms, p99 {:.0} ms, worst {:.0} ms",
        took.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    )?;
    Ok(())
}

/// The most memory this process had so far, in megabytes.
fn most_memory() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(number.ok_or("no VmHWM")?.parse::<u64>()? / 1_024)
}

/// Processor time of this process and its children that ended, in seconds; ticks are hundredths.
fn cpu_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    // utime, stime, cutime and cstime are fields 14 to 17; the one after the name is field 3.
    let ticks = after_name.split_whitespace().skip(11).take(4);
    let ticks: f64 = ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}
