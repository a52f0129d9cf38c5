//! The composition root: the only place where long-lived things are built and joined.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::clock::{Clock, SystemClock};
use app::{App, Parts};
use engine::models::ModelFolder;
use extract::{Reader, ReaderConfig};
use net::{Net, NetSettings};
use store::{Store, StoreConfig};
use telegram::channel::Telegram;

use crate::READ_DOCUMENTS;
use crate::boot::{Boot, private_folder};
use crate::exit::Failure;
use crate::{log, updates};

/// Longest time one document may take to be read (security.md C6).
const READING_LIMIT: Duration = Duration::from_secs(60);

/// The product, put together on a data folder.
pub struct Program {
    /// The use cases.
    pub app: App,
    /// The store underneath, for what concerns the whole installation: damage, jobs, closing.
    pub store: Store,
    /// The one way out.
    pub net: Net,
    /// The Bot API server of bots that name none of their own.
    pub telegram_api: String,
    /// The data folder.
    pub data: PathBuf,
}

impl Program {
    /// Opens the data folder and puts the product together. Nothing runs until `app.run()`.
    pub async fn compose(boot: &Boot) -> Result<Program, Failure> {
        let data = boot.data()?;
        private_folder(&data).map_err(|error| {
            Failure::of_folder(&format!("make the data folder {}", data.display()), &error)
        })?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let config = StoreConfig {
            data: data.clone(),
            master_key: boot.master_key()?,
        };
        let store = Store::open(config, clock.now())?;
        let reader = Reader::new(ReaderConfig {
            program: env::current_exe()?,
            arguments: vec![OsString::from(READ_DOCUMENTS)],
            workers: boot.readers(),
            timeout: READING_LIMIT,
        });
        let net_clock = Arc::clone(&clock);
        let settings = NetSettings {
            local_only: boot.local_only,
            ..NetSettings::default()
        };
        let net = Net::new(settings, Arc::new(move || net_clock.now().0));
        let telegram_api = boot.telegram_api().to_owned();
        let parts = Parts {
            store: store.clone(),
            reader: Arc::new(reader),
            models: ModelFolder::new(boot.models()?),
            hub: boot.hub().to_owned(),
            net: net.clone(),
            channel: Some(Arc::new(Telegram::new(net.clone(), &telegram_api))),
            clock,
            readers: boot.readers(),
            release: updates::release(),
            place: boot.place()?,
            log: log::kept(),
        };
        let app = App::new(parts);
        app.obey_network().await;
        Ok(Program {
            app,
            store,
            net,
            telegram_api,
            data,
        })
    }

    /// The same with its workers running and every index up to date.
    pub async fn start(boot: &Boot) -> Result<Program, Failure> {
        let program = Program::compose(boot).await?;
        program.app.run().await?;
        Ok(program)
    }

    /// The same at once: an index that has to be built anew is built beside the serving.
    pub async fn start_serving(boot: &Boot) -> Result<Program, Failure> {
        let program = Program::compose(boot).await?;
        program.app.remove_leftover_simulators().await?;
        program.app.run_at_once().await?;
        Ok(program)
    }

    /// Finishes the jobs in hand and closes the data folder.
    pub async fn stop(self) -> Result<(), Failure> {
        self.app.stop().await;
        Ok(self.store.close().await?)
    }
}
