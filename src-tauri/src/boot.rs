//! What the program is told at its start: flags, each with its environment variable, and what stands in
//! their place when nothing is said. Everything else is a setting, kept in the data.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::health::{LookAtPlace, Place, Why};
use clap::{ArgAction, Args};
use directories::ProjectDirs;
use engine::models::download::HUB;
use store::MasterKey;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::exit::Failure;
use crate::folders::{self, DataFolder};
use crate::log;
use crate::values;

/// Where things lie and how much is said; the same for every command.
#[derive(Debug, Clone, Args)]
pub struct Boot {
    /// The data folder [default: ChatAI-data beside the program, else where it was moved to, else the system's place
    /// for a person's data]
    #[arg(long, global = true, value_name = "DIR", env = "CHATAI_DATA")]
    pub data: Option<PathBuf>,
    /// The folder of models [default: models in the data folder]
    #[arg(long, global = true, value_name = "DIR", env = "CHATAI_MODELS")]
    pub models: Option<PathBuf>,
    /// The file of the key that opens stored secrets [default: the system's keychain, else the place for settings]
    #[arg(long, global = true, value_name = "FILE", env = "CHATAI_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// Keep that key in the data folder, unless --key-file names its place: for containers and memory sticks; less safe
    #[arg(long, global = true, env = "CHATAI_KEY_IN_DATA", action = ArgAction::SetTrue, value_parser = values::yes_or_no)]
    pub key_in_data: bool,
    /// How many documents are read at once [default: the number of processors, at most 4]
    #[arg(long, global = true, value_name = "N", env = "CHATAI_READERS", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub readers: Option<u16>,
    /// The Bot API server of bots that name none of their own [default: Telegram's]
    #[arg(long, global = true, value_name = "URL", env = "CHATAI_TELEGRAM_API")]
    pub telegram_api: Option<String>,
    /// Where models are downloaded from: a mirror of their publishers' hub [default: that hub]
    #[arg(long, global = true, value_name = "URL", env = "CHATAI_MODELS_FROM")]
    pub models_from: Option<String>,
    /// Speak to nothing outside this computer: no Telegram, no remote engine, no letters, no sites, no downloads [default:
    /// as switched in Settings, Privacy]
    #[arg(long, global = true, env = "CHATAI_LOCAL_ONLY", action = ArgAction::SetTrue, value_parser = values::yes_or_no)]
    pub local_only: bool,
    /// What is logged: error, warn, info, debug, or a filter as in app=debug,store=info
    #[arg(long, global = true, value_name = "FILTER", env = "CHATAI_LOG")]
    pub log: Option<String>,
    /// Log into this file too; four older ones of 4 MiB are kept beside it [default: with a window, logs/chatai.log in
    /// the data folder]
    #[arg(long, global = true, value_name = "FILE", env = "CHATAI_LOG_FILE")]
    pub log_file: Option<PathBuf>,
}

impl Boot {
    /// The data folder.
    pub fn data(&self) -> Result<PathBuf, Failure> {
        Ok(self.data_folder()?.path)
    }

    /// The data folder, and why it is that one.
    pub fn data_folder(&self) -> Result<DataFolder, Failure> {
        if let Some(told) = &self.data {
            return Ok(DataFolder {
                path: std::path::absolute(told)?,
                why: Why::Told,
            });
        }
        folders::untold().ok_or_else(|| {
            Failure::new("there is no home folder: say where the data lies with --data DIR")
        })
    }

    /// Looks at the place of the data, and where the log goes, whenever it is asked.
    pub fn place(&self) -> Result<LookAtPlace, Failure> {
        let DataFolder { path, why } = self.data_folder()?;
        Ok(Arc::new(move || Place {
            is_open: folders::is_open_to_others(&path),
            network: folders::network(&path),
            log: log::place(),
            data: path.clone(),
            why,
        }))
    }

    /// The folder of models.
    pub fn models(&self) -> Result<PathBuf, Failure> {
        match &self.models {
            Some(models) => Ok(std::path::absolute(models)?),
            None => Ok(self.data()?.join("models")),
        }
    }

    /// Where the key of the secrets lies: as told, else a systemd credential, else (portable) the data folder, else (in
    /// a build with the window) the system's keychain, else a file in the system's place for settings, else (no home
    /// folder) the data folder.
    pub fn master_key(&self) -> Result<MasterKey, Failure> {
        if let Some(file) = &self.key_file {
            return Ok(MasterKey::File(std::path::absolute(file)?));
        }
        if self.key_in_data {
            return Ok(MasterKey::DataFolder);
        }
        let credential = std::env::var_os("CREDENTIALS_DIRECTORY")
            .map(|folder| Path::new(&folder).join("chatai-key"));
        if let Some(credential) = credential.filter(|file| file.exists()) {
            return Ok(MasterKey::File(credential));
        }
        if self.data_folder()?.why == Why::Portable {
            return Ok(MasterKey::DataFolder);
        }
        let Some(usual) = ProjectDirs::from("", "", "ChatAI") else {
            return Ok(MasterKey::DataFolder);
        };
        let file = usual.config_dir().join("master.key");
        #[cfg(feature = "desktop")]
        return Ok(MasterKey::Keychain(crate::keychain::keychain(), file));
        #[cfg(not(feature = "desktop"))]
        Ok(MasterKey::File(file))
    }

    /// The Bot API server of bots that name none of their own.
    pub fn telegram_api(&self) -> &str {
        self.telegram_api
            .as_deref()
            .unwrap_or(telegram::client::TELEGRAM)
    }

    /// Where models are downloaded from.
    pub fn hub(&self) -> &str {
        let hub = self.models_from.as_deref().unwrap_or(HUB);
        hub.trim_end_matches('/')
    }

    /// How many documents are read at once.
    pub fn readers(&self) -> usize {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        self.readers.map_or(processors.min(4), usize::from)
    }

    /// Begins to log to standard error, and to the file that was told or else to `usual_file`; `usually` is what is
    /// logged when nothing is said.
    pub fn start_log(&self, usually: &str, usual_file: Option<&Path>) -> Result<(), Failure> {
        let filter = self.log.as_deref().unwrap_or(usually);
        let filter = filter_of(filter)?;
        let file = self.log_file.as_deref().or(usual_file);
        log::start(filter, file).map_err(|error| match file {
            Some(file) => Failure::new(format!("log into {}: {error}", file.display())),
            None => Failure::new(format!("begin to log: {error}")),
        })
    }

    /// Says so once where the data lies in a folder of another computer.
    pub fn warn_of_network(&self) {
        if let Ok(data) = self.data()
            && let Some(kind) = folders::network(&data)
        {
            tracing::warn!(
                kind,
                "the data folder lies on another computer ({kind}): a break of the network can damage it; move it to a \
                 disk of this computer with `chatai move-data DIR`"
            );
        }
    }
}

/// What `--log` says. A word alone is a level: it would mean a room that is called so otherwise, and silence.
fn filter_of(text: &str) -> Result<EnvFilter, Failure> {
    let senseless = |why: &str| {
        Failure::senseless(format!(
            "--log {text} (CHATAI_LOG): {why}; say off, error, warn, info or debug, or rooms with theirs, as in \
             app=debug,store=info"
        ))
    };
    let is_level = |word: &str| word.parse::<LevelFilter>().is_ok();
    let parts = text.split(',').map(str::trim);
    if let Some(word) = parts
        .filter(|part| !part.contains(['=', '[']))
        .find(|part| !is_level(part))
    {
        return Err(senseless(&format!("{word:?} is no level")));
    }
    EnvFilter::try_new(text).map_err(|error| senseless(&error.to_string()))
}

/// Makes a folder that only its owner may enter.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A sentence when the processor lacks what the program was built for; nothing when it fits.
pub fn unfit_processor() -> Option<String> {
    #[cfg(target_arch = "x86_64")]
    {
        let cpu = raw_cpuid::CpuId::new();
        let has_fma = cpu
            .get_feature_info()
            .is_some_and(|features| features.has_fma());
        let more = cpu.get_extended_feature_info();
        let has_avx2 = more.as_ref().is_some_and(|features| features.has_avx2());
        let has_bmi2 = more.as_ref().is_some_and(|features| features.has_bmi2());
        let missing: Vec<&str> = [("AVX2", has_avx2), ("FMA", has_fma), ("BMI2", has_bmi2)]
            .into_iter()
            .filter_map(|(name, has)| (!has).then_some(name))
            .collect();
        if !missing.is_empty() {
            return Some(format!(
                "ChatAI cannot run on this processor: it lacks {}, which processors have had since about 2015",
                missing.join(", ")
            ));
        }
    }
    None
}
