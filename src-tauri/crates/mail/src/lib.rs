//! Letters: SMTP, and what stands in them.
//!
//! Owns: speaking to a mail server ([`send`]), which `net` permits and notes first, so that the log of hosts and the
//! "local only" switch hold for letters too; why a letter was not taken, as a closed list; the templates in both
//! languages. Not here: which server (settings), when and how often it is tried (`app`), passwords at rest (`store`).

mod error;
mod letter;
mod smtp;
pub mod templates;

pub use error::MailError;
pub use letter::{Letter, Mailbox};
pub use smtp::{Login, Security, Server, send};
