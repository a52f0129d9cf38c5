//! The system's keychain, as the store asks for it: the Secret Service on Linux, Keychain Services on macOS, the
//! Credential Manager on Windows. One entry for all data folders of a person, as with the key file.

use std::sync::Arc;

use keyring::{Entry, Error};
use store::Keychain;

const SERVICE: &str = "ChatAI";
const ENTRY: &str = "master key";

/// The keychain of whoever runs the program.
pub fn keychain() -> Keychain {
    Keychain {
        read: Arc::new(|| match entry()?.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error.to_string()),
        }),
        keep: Arc::new(|text| {
            let kept = entry()?.set_password(text);
            kept.map_err(|error| error.to_string())
        }),
    }
}

fn entry() -> Result<Entry, String> {
    // Why there is none is told here; the error of the entry only says that.
    if let Err(error) = Entry::store_status() {
        return Err(error.to_string());
    }
    Entry::new(SERVICE, ENTRY).map_err(|error| error.to_string())
}
