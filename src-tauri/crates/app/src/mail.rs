//! The mail server: its settings, its password, and a test that says at once what is wrong.

use std::time::{Duration, Instant};

use domain::audit::{Deed, SettingsPart};
use domain::id::WorkspaceId;
use domain::language::Language;
use domain::member::Permission;
use mail::{Letter, Login, Mailbox, Security, Server, templates};
use net::Net;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::people::{email_of, line_of};
use crate::searching::milliseconds;
use crate::who::Who;

/// How long handing a letter over may take.
pub(crate) const LETTER_PATIENCE: Duration = Duration::from_secs(60);
/// How long somebody who tests waits.
const TEST_PATIENCE: Duration = Duration::from_secs(20);
const MAIL: &str = "mail";
const PASSWORD: &str = "mail_password";

/// A mail server, as the settings hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Who signs in there; empty for nobody.
    pub user: String,
    /// The address letters come from.
    pub sender: String,
    /// True when a password is kept.
    #[serde(default)]
    pub has_password: bool,
}

/// How a connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// Encrypted from the first byte.
    Tls,
    /// Encrypted after the greeting, or nothing is sent.
    StartTls,
    /// In the open: only to this computer where a password is sent.
    Open,
}

/// A mail server as a member enters it.
#[derive(Clone)]
pub struct MailChange {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Who signs in there; empty for nobody.
    pub user: String,
    /// `None` keeps the one that is stored, empty removes it.
    pub password: Option<String>,
    /// The address letters come from.
    pub sender: String,
}

/// How a test letter fared.
#[derive(Debug, Clone)]
pub struct MailTest {
    /// Where it was sent.
    pub to: String,
    /// Milliseconds until it was taken or failed.
    pub took_ms: u32,
    /// Why it was not taken, as [`mail::MailError::code`] says it; nothing when it was.
    pub failed: Option<&'static str>,
}

/// A server that can be spoken to, and the name and address letters come from.
pub(crate) struct Post {
    pub(crate) server: Server,
    pub(crate) sender: Mailbox,
}

impl App {
    /// The mail server, where one is set up.
    pub async fn mail(&self, who: &Who) -> Result<Option<MailServer>> {
        who.must(Permission::ChangeSettings)?;
        self.mail_of(who.workspace()).await
    }

    /// Sets the mail server.
    pub async fn change_mail(&self, who: &Who, change: MailChange) -> Result<MailServer> {
        who.must(Permission::ChangeSettings)?;
        let store = self.workspace(who.workspace());
        let old = self.mail_of(who.workspace()).await?;
        let host = host_of(&change.host)?;
        if change.port == 0 {
            return Err(Error::invalid("port", "a port is between 1 and 65535"));
        }
        let user = match change.user.trim() {
            "" => String::new(),
            user => line_of("user", user, 200)?,
        };
        let sender = email_of(&change.sender)
            .map_err(|_| Error::invalid("sender", "this is not an e-mail address"))?;
        let is_same_place = |old: &MailServer| {
            (&old.host, old.port, old.security, &old.user)
                == (&host, change.port, change.security, &user)
        };
        let keeps = old.as_ref().is_some_and(|old| old.has_password);
        let has_password = match change.password.as_deref() {
            // A password is never sent to a place, or in a way, that it was not entered for.
            None if keeps && !old.as_ref().is_some_and(is_same_place) => {
                let what = "another server needs its password again";
                return Err(Error::invalid("password", what));
            }
            None => keeps,
            Some(password) => !password.is_empty(),
        };
        if has_password && change.security == MailSecurity::Open && !Net::is_this_computer(&host) {
            let what = "a password is sent in the open to this computer only";
            return Err(Error::invalid("security", what));
        }
        match change.password.as_deref() {
            None => {}
            Some("") => store.remove_secret(PASSWORD, self.now()).await?,
            Some(password) if password.len() > 1_000 => {
                return Err(Error::invalid("password", "the password is too long"));
            }
            Some(password) => {
                let password = password.as_bytes().to_vec();
                store.put_secret(PASSWORD, password, self.now()).await?;
            }
        }
        let server = MailServer {
            host,
            port: change.port,
            security: change.security,
            user,
            sender,
            has_password,
        };
        self.keep_mail(who, Some(&server)).await?;
        Ok(server)
    }

    /// Forgets the mail server and its password.
    pub async fn remove_mail(&self, who: &Who) -> Result<()> {
        who.must(Permission::ChangeSettings)?;
        self.workspace(who.workspace())
            .remove_secret(PASSWORD, self.now())
            .await?;
        self.keep_mail(who, None).await
    }

    /// Sends the asking member a letter now. That it fails is a result; `NoMail` when no server is set up.
    pub async fn test_mail(&self, who: &Who, language: Language) -> Result<MailTest> {
        who.must(Permission::ChangeSettings)?;
        let post = self.post(who.workspace()).await?;
        let post = post.ok_or_else(|| Error::new(ErrorCode::NoMail, "no mail server is set up"))?;
        let business = self.settings_of(who.workspace()).await?.business;
        let words = templates::test(&business, language);
        let letter = Letter {
            from: post.sender,
            to: Mailbox {
                name: who.member.name.clone(),
                address: who.member.email.clone(),
            },
            subject: words.subject,
            text: words.text,
            html: words.html,
        };
        let started = Instant::now();
        let sent = mail::send(&self.inner.net, &post.server, &letter, TEST_PATIENCE).await;
        Ok(MailTest {
            to: who.member.email.clone(),
            took_ms: milliseconds(started),
            failed: sent.err().map(|error| error.code()),
        })
    }

    pub(crate) async fn mail_of(&self, workspace: WorkspaceId) -> Result<Option<MailServer>> {
        let json = self.workspace(workspace).setting(MAIL).await?;
        let read = json.map(|json| serde_json::from_str::<Option<MailServer>>(&json));
        let read = read.transpose().map_err(|error| {
            Error::new(ErrorCode::Internal, "read the mail server").caused_by(error)
        })?;
        Ok(read.flatten())
    }

    /// The server with its password, ready to be spoken to.
    pub(crate) async fn post(&self, workspace: WorkspaceId) -> Result<Option<Post>> {
        let Some(known) = self.mail_of(workspace).await? else {
            return Ok(None);
        };
        let password = match known.has_password {
            true => self.workspace(workspace).secret(PASSWORD).await?,
            false => None,
        };
        let login = password.map(|password| Login {
            user: known.user.clone(),
            password: String::from_utf8_lossy(&password).into_owned(),
        });
        let server = Server {
            host: known.host,
            port: known.port,
            security: match known.security {
                MailSecurity::Tls => Security::Tls,
                MailSecurity::StartTls => Security::StartTls,
                MailSecurity::Open => Security::Open,
            },
            login,
            trusted: Vec::new(),
        };
        let sender = Mailbox {
            name: self.settings_of(workspace).await?.business,
            address: known.sender,
        };
        Ok(Some(Post { server, sender }))
    }

    async fn keep_mail(&self, who: &Who, server: Option<&MailServer>) -> Result<()> {
        let json = serde_json::to_string(&server).map_err(|error| {
            Error::new(ErrorCode::Internal, "write the mail server").caused_by(error)
        })?;
        let part = SettingsPart::Mail;
        self.noting(who, vec![Deed::SettingsChanged { part }])
            .set_setting(MAIL, json, self.now())
            .await?;
        Ok(())
    }
}

/// A bare name or address: no scheme, path, port or user.
fn host_of(text: &str) -> Result<String> {
    let host = line_of("host", text, 253)?.to_lowercase();
    let is_bare = host
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'));
    let has_port = host.matches(':').count() == 1;
    match is_bare && !has_port {
        true => Ok(host),
        false => Err(Error::invalid("host", "this is not the name of a server")),
    }
}
