//! The network as a whole: whether anything outside this computer may be spoken to. It concerns every workspace, so
//! it belongs to the owner of the first one; room net holds everybody to it.

use domain::audit::{Deed, SettingsPart};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;

/// The setting that remembers it.
const NETWORK: &str = "network";

/// Whether anything outside this computer may be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// True: nothing may.
    pub local_only: bool,
    /// True: that was said when the program was started, and cannot be changed here.
    pub told: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    local_only: bool,
}

impl App {
    /// Whether anything outside this computer may be spoken to.
    pub async fn network(&self, who: &Who) -> Result<Network> {
        self.must_own_installation(who).await?;
        Ok(self.network_now())
    }

    /// Forbids or allows to speak to anything outside this computer: from now on, for what is under way too, and after
    /// every later start. `Conflict` where it was said at the start.
    pub async fn set_local_only(&self, who: &Who, local_only: bool) -> Result<Network> {
        self.must_own_installation(who).await?;
        if self.inner.local_only_told {
            let what = "that only this computer is spoken to was said when the program was started";
            return Err(Error::new(ErrorCode::Conflict, what));
        }
        let net = &self.inner.net;
        // Whoever forbids it is obeyed before anything else; whoever allows it, once it is remembered.
        if local_only {
            net.set_local_only(true);
        }
        let json = serde_json::to_string(&Remembered { local_only }).map_err(|error| {
            Error::new(ErrorCode::Internal, "write down what may be spoken to").caused_by(error)
        })?;
        let part = SettingsPart::Network;
        self.noting(who, vec![Deed::SettingsChanged { part }])
            .set_setting(NETWORK, json, self.now())
            .await?;
        net.set_local_only(local_only);
        tracing::info!(local_only, "the local-only switch was turned");
        Ok(self.network_now())
    }

    /// Holds the network to what was decided in an earlier run: call it before anything can go out. What cannot be read
    /// counts as forbidden.
    pub async fn obey_network(&self) {
        let remembered = self.remembered_network().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what may be spoken to cannot be read: only this computer is");
            Remembered { local_only: true }
        });
        if remembered.local_only {
            self.inner.net.set_local_only(true);
        }
    }

    fn network_now(&self) -> Network {
        Network {
            local_only: self.inner.net.is_local_only(),
            told: self.inner.local_only_told,
        }
    }

    async fn remembered_network(&self) -> Result<Remembered> {
        let Some(first) = self.first_workspace().await? else {
            return Ok(Remembered::default());
        };
        let Some(json) = self.workspace(first).setting(NETWORK).await? else {
            return Ok(Remembered::default());
        };
        serde_json::from_str(&json).map_err(|error| {
            Error::new(ErrorCode::Internal, "read what may be spoken to").caused_by(error)
        })
    }
}
