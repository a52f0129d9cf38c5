//! Why a letter was not sent.

use net::NetError;

/// Why a letter was not sent. Carries no address, no password and no word of the letter.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The "local only" switch is on, and the server is not this computer.
    #[error("only this computer may be spoken to, and the mail server is elsewhere")]
    LocalOnly,
    /// The name is unknown, or nobody listens there.
    #[error("the mail server cannot be reached")]
    Unreachable,
    /// Nothing came within the time given.
    #[error("the mail server did not reply in time")]
    TimedOut,
    /// The server offers no encryption where it was asked to begin it.
    #[error("the mail server does not offer STARTTLS")]
    NoStartTls,
    /// Encryption could not be agreed on: the wrong kind for this port, or a certificate that nobody vouches for.
    #[error("no trusted encryption could be agreed on with the mail server")]
    NotTrusted,
    /// The server does not know this user and password.
    #[error("the mail server refused user and password")]
    WrongPassword,
    /// The server knows no way of signing in that is known here.
    #[error("the mail server offers no way to sign in")]
    NoLogin,
    /// The server does not send for this sender.
    #[error("the mail server refused the sender")]
    SenderRefused,
    /// The server does not take letters for this address.
    #[error("the mail server refused the recipient")]
    RecipientRefused,
    /// The server did not take the letter itself.
    #[error("the mail server refused the letter")]
    LetterRefused,
    /// The server asks to come back later (4xx).
    #[error("the mail server asks to try again later")]
    Later,
    /// What came is not SMTP, or the connection ended in the middle.
    #[error("the connection to the mail server broke")]
    Broken,
    /// An address, or the server's name, that cannot be used.
    #[error("an address cannot be used")]
    BadAddress,
}

impl MailError {
    /// The error as consumers see it.
    pub fn code(&self) -> &'static str {
        match self {
            MailError::LocalOnly => "local_only",
            MailError::Unreachable => "unreachable",
            MailError::TimedOut => "timed_out",
            MailError::NoStartTls => "no_starttls",
            MailError::NotTrusted => "not_trusted",
            MailError::WrongPassword => "wrong_password",
            MailError::NoLogin => "no_login",
            MailError::SenderRefused => "sender_refused",
            MailError::RecipientRefused => "recipient_refused",
            MailError::LetterRefused => "letter_refused",
            MailError::Later => "later",
            MailError::Broken => "broken",
            MailError::BadAddress => "bad_address",
        }
    }

    /// True when trying again changes nothing until a person changes something.
    pub fn is_final(&self) -> bool {
        match self {
            MailError::Unreachable | MailError::TimedOut | MailError::Later | MailError::Broken => {
                false
            }
            MailError::LocalOnly
            | MailError::NoStartTls
            | MailError::NotTrusted
            | MailError::WrongPassword
            | MailError::NoLogin
            | MailError::SenderRefused
            | MailError::RecipientRefused
            | MailError::LetterRefused
            | MailError::BadAddress => true,
        }
    }
}

impl From<NetError> for MailError {
    fn from(error: NetError) -> MailError {
        match error {
            NetError::LocalOnly { .. } => MailError::LocalOnly,
            NetError::TimedOut => MailError::TimedOut,
            NetError::Unreachable(_) => MailError::Unreachable,
            NetError::BadAddress | NetError::BadHeader | NetError::BadProxy { .. } => {
                MailError::BadAddress
            }
            NetError::TooLarge { .. } | NetError::Broken(_) => MailError::Broken,
        }
    }
}
