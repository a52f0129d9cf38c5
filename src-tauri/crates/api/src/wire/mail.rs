//! The mail server.

use app::mail;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a mail server is set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mail {
    /// The server; null when there is none.
    #[schema(required)]
    pub server: Option<MailServer>,
}

/// A mail server.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailServer {
    /// Its name or address.
    #[schema(example = "smtp.lindenhof.example")]
    pub host: String,
    /// Its port.
    #[schema(example = 587)]
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Who signs in there; empty for nobody.
    #[schema(example = "shop@lindenhof.example")]
    pub user: String,
    /// The address letters come from.
    #[schema(example = "shop@lindenhof.example")]
    pub sender: String,
    /// True when a password is kept. It is never shown.
    #[schema(example = true)]
    pub has_password: bool,
}

/// How a connection to the mail server is protected.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "start_tls")]
pub enum MailSecurity {
    /// Encrypted from the first byte, usually on port 465.
    Tls,
    /// Encrypted after the greeting, usually on port 587; nothing is sent where the server does not offer it.
    StartTls,
    /// In the open; a password is sent so to this computer only.
    Open,
}

/// A mail server as it should become.
#[derive(Deserialize, ToSchema)]
pub struct MailChange {
    /// Its name or address.
    #[schema(example = "smtp.lindenhof.example", max_length = 253)]
    pub host: String,
    /// Its port.
    #[schema(example = 587)]
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Who signs in there; empty for nobody.
    #[schema(example = "shop@lindenhof.example", max_length = 200)]
    pub user: String,
    /// The password there; absent or null keeps the one that is stored, empty removes it.
    #[schema(example = "four plain words here", max_length = 1000)]
    pub password: Option<String>,
    /// The address letters come from.
    #[schema(example = "shop@lindenhof.example", max_length = 254)]
    pub sender: String,
}

/// What language a test letter is written in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MailTestAsked {
    /// `en` or `ru`.
    #[schema(example = "en")]
    pub language: String,
}

/// How a test letter fared.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailTest {
    /// Where it was sent: the asking member's own address.
    #[schema(example = "anna@lindenhof.example")]
    pub to: String,
    /// Milliseconds until it was taken or failed.
    #[schema(example = 640)]
    pub took_ms: u32,
    /// Why it was not taken: `local_only`, `unreachable`, `timed_out`, `no_starttls`, `not_trusted`,
    /// `wrong_password`, `no_login`, `sender_refused`, `recipient_refused`, `letter_refused`, `later`, `broken`,
    /// `bad_address`; null when it was.
    #[schema(required, example = "wrong_password")]
    pub code: Option<String>,
}

impl From<mail::MailServer> for MailServer {
    fn from(server: mail::MailServer) -> MailServer {
        MailServer {
            host: server.host,
            port: server.port,
            security: match server.security {
                mail::MailSecurity::Tls => MailSecurity::Tls,
                mail::MailSecurity::StartTls => MailSecurity::StartTls,
                mail::MailSecurity::Open => MailSecurity::Open,
            },
            user: server.user,
            sender: server.sender,
            has_password: server.has_password,
        }
    }
}

impl From<MailChange> for mail::MailChange {
    fn from(change: MailChange) -> mail::MailChange {
        mail::MailChange {
            host: change.host,
            port: change.port,
            security: match change.security {
                MailSecurity::Tls => mail::MailSecurity::Tls,
                MailSecurity::StartTls => mail::MailSecurity::StartTls,
                MailSecurity::Open => mail::MailSecurity::Open,
            },
            user: change.user,
            password: change.password,
            sender: change.sender,
        }
    }
}
