//! The "local only" switch: one for all clients, those that were handed out before it was turned included, and for
//! what they have in hand.

use std::future::Future;

use tokio::sync::watch;

use crate::NetError;

/// The switch. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Switch {
    is_on: watch::Sender<bool>,
}

impl Switch {
    pub(crate) fn new(is_on: bool) -> Switch {
        Switch {
            is_on: watch::Sender::new(is_on),
        }
    }

    /// True while only this computer may be spoken to.
    pub(crate) fn is_on(&self) -> bool {
        *self.is_on.borrow()
    }

    pub(crate) fn turn(&self, is_on: bool) {
        self.is_on.send_replace(is_on);
    }

    /// Waits for what is spoken with `host`, and breaks it off as soon as that may not be spoken to any more.
    pub(crate) async fn unless_forbidden<T>(
        &self,
        host: &str,
        spoken: impl Future<Output = T>,
    ) -> Result<T, NetError> {
        if crate::client::is_this_computer(host) {
            return Ok(spoken.await);
        }
        let mut is_on = self.is_on.subscribe();
        tokio::select! {
            biased;
            // The sender is held here: it does not end without a word.
            _ = is_on.wait_for(|is_on| *is_on) => Err(NetError::LocalOnly { host: host.to_owned() }),
            spoken = spoken => Ok(spoken),
        }
    }
}
