//! A letter as it is written: sender, recipient, words twice (plain and HTML).

use lettre::address::Envelope;
use lettre::message::header::ContentType;
use lettre::message::{self, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::error::MailError;

/// A name with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name; empty for none.
    pub name: String,
    /// The address.
    pub address: String,
}

/// A letter to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// From whom.
    pub from: Mailbox,
    /// To whom.
    pub to: Mailbox,
    /// What it is about, one line.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The same as a simple page.
    pub html: String,
}

/// A letter as it goes over the line.
pub(crate) struct Written {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) bytes: Vec<u8>,
}

impl Letter {
    /// `BadAddress` when an address is none. A line break in a name or subject cannot become a header: lettre
    /// encodes or folds it.
    pub(crate) fn written(&self) -> Result<Written, MailError> {
        let (from, to) = (self.from.parsed()?, self.to.parsed()?);
        let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()])
            .map_err(|_| MailError::BadAddress)?;
        let plain = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .body(self.text.clone());
        let html = SinglePart::builder()
            .header(ContentType::TEXT_HTML)
            .body(self.html.clone());
        let domain = from.email.domain().to_owned();
        let written = Message::builder()
            .envelope(envelope)
            .from(from.clone())
            .to(to.clone())
            .subject(one_line(&self.subject))
            .message_id(Some(message_id(&domain)))
            .multipart(MultiPart::alternative().singlepart(plain).singlepart(html))
            .map_err(|_| MailError::BadAddress)?;
        Ok(Written {
            from: from.email,
            to: to.email,
            bytes: written.formatted(),
        })
    }
}

impl Mailbox {
    fn parsed(&self) -> Result<message::Mailbox, MailError> {
        let address = self.address.parse().map_err(|_| MailError::BadAddress)?;
        let name = one_line(&self.name);
        Ok(message::Mailbox::new(
            (!name.is_empty()).then_some(name),
            address,
        ))
    }
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Names no computer: lettre's own would say what this one is called.
fn message_id(domain: &str) -> String {
    let random: String = std::iter::repeat_with(|| format!("{:016x}", fresh()))
        .take(2)
        .collect();
    format!("<{random}@{domain}>")
}

/// A number that no other letter has: the standard library's hasher is seeded by the system.
fn fresh() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0_u8)
}
