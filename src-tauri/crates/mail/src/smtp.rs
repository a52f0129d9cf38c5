//! Speaking to a mail server: connect, encrypt, sign in, hand the letter over.

use std::error::Error as _;
use std::time::Duration;
use std::{fmt, io};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use net::{Net, Purpose};

use crate::error::MailError;
use crate::letter::Letter;

/// A mail server and how it is spoken to.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in; `None` where the server wants nobody to.
    pub login: Option<Login>,
    /// Certificates (DER) that are trusted besides those of the system.
    pub trusted: Vec<Vec<u8>>,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Encrypted from the first byte, usually on port 465.
    Tls,
    /// Begun in the open and encrypted at once, usually on port 587; never sent where the server does not offer it.
    StartTls,
    /// In the open: for a server on this computer.
    Open,
}

/// A user and their password.
#[derive(Clone)]
pub struct Login {
    /// The user's name there, often the address.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(..)")
    }
}

/// Hands a letter to the server, all within `time`.
///
/// # Errors
/// Any [`MailError`]. After [`MailError::TimedOut`] and [`MailError::Broken`] the letter may have been taken.
pub async fn send(
    net: &Net,
    server: &Server,
    letter: &Letter,
    time: Duration,
) -> Result<(), MailError> {
    let written = letter.written()?;
    net.permit(Purpose::Mail, &server.host, server.port)?;
    let handing_over = async {
        let mut line = connect(server, time).await?;
        if let Some(login) = &server.login {
            sign_in(&mut line, login).await?;
        }
        let sender = Mail::new(Some(written.from), Vec::new());
        say(line.command(sender).await, MailError::SenderRefused)?;
        let recipient = Rcpt::new(written.to, Vec::new());
        say(line.command(recipient).await, MailError::RecipientRefused)?;
        say(line.command(Data).await, MailError::LetterRefused)?;
        say(line.message(&written.bytes).await, MailError::LetterRefused)?;
        // The letter is taken: how the two part changes nothing.
        let _ = line.quit().await;
        Ok(())
    };
    match tokio::time::timeout(time, handing_over).await {
        Ok(sent) => sent,
        Err(_) => Err(MailError::TimedOut),
    }
}

async fn connect(server: &Server, time: Duration) -> Result<AsyncSmtpConnection, MailError> {
    let hello = ClientId::default();
    let host = server.host.trim_start_matches('[').trim_end_matches(']');
    let address = (host, server.port);
    let tls = match server.security {
        Security::Tls => Some(encryption(host, &server.trusted)?),
        Security::StartTls | Security::Open => None,
    };
    let connected =
        AsyncSmtpConnection::connect_tokio1(address, Some(time), &hello, tls, None).await;
    let mut line = connected.map_err(not_connected)?;
    if server.security == Security::StartTls {
        if !line.can_starttls() {
            line.abort().await;
            return Err(MailError::NoStartTls);
        }
        let encrypted = line.starttls(encryption(host, &server.trusted)?, &hello);
        encrypted.await.map_err(|error| match error.status() {
            Some(_) => MailError::NoStartTls,
            None => MailError::NotTrusted,
        })?;
    }
    Ok(line)
}

fn encryption(host: &str, trusted: &[Vec<u8>]) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    for certificate in trusted {
        let certificate = Certificate::from_der(certificate.clone());
        builder = builder.add_root_certificate(certificate.map_err(|_| MailError::NotTrusted)?);
    }
    builder.build().map_err(|_| MailError::NotTrusted)
}

async fn sign_in(line: &mut AsyncSmtpConnection, login: &Login) -> Result<(), MailError> {
    let known = [Mechanism::Plain, Mechanism::Login];
    if line.server_info().get_auth_mechanism(&known).is_none() {
        line.abort().await;
        return Err(MailError::NoLogin);
    }
    let credentials = Credentials::new(login.user.clone(), login.password.clone());
    say(
        line.auth(&known, &credentials).await,
        MailError::WrongPassword,
    )
}

/// What a reply means: a permanent refusal is `refused`.
fn say<T>(reply: Result<T, Error>, refused: MailError) -> Result<(), MailError> {
    match reply {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => Err(refused),
        Err(error) if error.is_transient() => Err(MailError::Later),
        Err(error) if error.is_timeout() => Err(MailError::TimedOut),
        Err(_) => Err(MailError::Broken),
    }
}

/// Why there is no connection. What failed tells whether a server is there at all.
fn not_connected(error: Error) -> MailError {
    if error.is_transient() {
        return MailError::Later;
    }
    if error.is_permanent() || error.is_response() {
        return MailError::Broken;
    }
    let mut cause = error.source();
    while let Some(next) = cause {
        if let Some(io_error) = next.downcast_ref::<io::Error>() {
            return match io_error.kind() {
                io::ErrorKind::TimedOut => MailError::TimedOut,
                // rustls: an unknown certificate, or a server that speaks something else.
                io::ErrorKind::InvalidData => MailError::NotTrusted,
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted => MailError::Broken,
                _ => MailError::Unreachable,
            };
        }
        cause = next.source();
    }
    MailError::Broken
}
