//! The second step of signing in: a code of an authenticator app, or one of the spare codes.
//!
//! Not here: how codes are made (`totp`). No code, secret or spare code is ever logged.

use std::net::IpAddr;

use domain::id::MemberId;
use domain::member::{Member, Permission};
use domain::team::What;
use store::error::StoreError;
use store::totp::NewSecondStep;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::people::hash_of;
use crate::totp;
use crate::who::Who;

/// Spare codes that a member gets.
const SPARE_CODES: usize = 10;
/// Characters of a spare code, 5 random bits each: more than anybody guesses from a stolen hash.
const SPARE_LENGTH: usize = 16;
/// Without what looks alike when it is written by hand.
const SPARE_ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A secret for an authenticator app, shown once.
#[derive(Clone)]
pub struct Offered {
    /// As it is typed into the app.
    pub secret: String,
    /// As a QR code says it.
    pub uri: String,
}

/// How a member's second step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondStep {
    /// True when signing in takes it.
    pub is_on: bool,
    /// Spare codes that are left.
    pub spare_codes: u64,
}

impl App {
    /// How the member's own second step stands.
    pub async fn second_step(&self, who: &Who) -> Result<SecondStep> {
        let store = self.workspace(who.workspace());
        Ok(SecondStep {
            is_on: self.inner.store.has_second_step(who.member.id).await?,
            spare_codes: store.spare_codes(who.member.id).await?,
        })
    }

    /// Makes a secret for the member's authenticator app. Nothing is switched on before a code of it was shown;
    /// `Conflict` while a second step is on.
    pub async fn offer_second_step(
        &self,
        who: &Who,
        password: &str,
        from: IpAddr,
    ) -> Result<Offered> {
        self.check_password(who, password, from).await?;
        if self.inner.store.has_second_step(who.member.id).await? {
            let what = "the second step is switched on already";
            return Err(Error::new(ErrorCode::Conflict, what));
        }
        let mut secret = [0_u8; totp::SECRET_BYTES];
        random(&mut secret)?;
        self.workspace(who.workspace())
            .offer_second_step(who.member.id, secret.to_vec(), self.now())
            .await?;
        let business = self.settings_of(who.workspace()).await?.business;
        Ok(Offered {
            secret: totp::base32(&secret),
            uri: totp::uri(&secret, &business, &who.member.email),
        })
    }

    /// Switches the member's second step on with the first code of the secret that was offered, and ends their other
    /// sessions. Gives the spare codes: shown now and never again.
    pub async fn turn_second_step_on(&self, who: &Who, code: &str) -> Result<Vec<String>> {
        let store = self.workspace(who.workspace());
        let id = who.member.id;
        if self.inner.store.has_second_step(id).await? {
            let what = "the second step is switched on already";
            return Err(Error::new(ErrorCode::Conflict, what));
        }
        let secret = store.offered_second_step(id).await?;
        let secret =
            secret.ok_or_else(|| Error::new(ErrorCode::Conflict, "no secret was shown before"))?;
        self.take_try(id)?;
        let step = totp::step_of(&secret, &plain(code), self.now()).ok_or_else(wrong)?;
        self.throttle().code_fitted(id);
        let spare_codes = spare_codes()?;
        let new = NewSecondStep {
            member_id: id,
            secret,
            step,
            spare_codes: hashes(&spare_codes),
            except: who.session_id,
        };
        let change = self.change_by(who, &who.member, What::SecondStepOn);
        store.turn_second_step_on(new, change, self.now()).await?;
        tracing::info!("a second step was switched on");
        Ok(spare_codes)
    }

    /// Switches the member's own second step off.
    pub async fn turn_second_step_off(
        &self,
        who: &Who,
        password: &str,
        from: IpAddr,
    ) -> Result<()> {
        self.check_password(who, password, from).await?;
        let change = self.change_by(who, &who.member, What::SecondStepOff);
        self.workspace(who.workspace())
            .turn_second_step_off(who.member.id, change, self.now())
            .await?;
        Ok(())
    }

    /// Makes other spare codes; those before open nothing any more.
    pub async fn new_spare_codes(
        &self,
        who: &Who,
        password: &str,
        from: IpAddr,
    ) -> Result<Vec<String>> {
        self.check_password(who, password, from).await?;
        if !self.inner.store.has_second_step(who.member.id).await? {
            let what = "there is no second step that spare codes could stand in for";
            return Err(Error::new(ErrorCode::Conflict, what));
        }
        let codes = spare_codes()?;
        let change = self.change_by(who, &who.member, What::SpareCodesMade);
        self.workspace(who.workspace())
            .set_spare_codes(who.member.id, hashes(&codes), change, self.now())
            .await?;
        Ok(codes)
    }

    /// Switches another member's second step off, for whoever lost telephone and spare codes. Their own they switch
    /// off with their password.
    pub async fn reset_second_step(&self, who: &Who, id: MemberId) -> Result<()> {
        who.must(Permission::Own)?;
        let member = self.member_of(who, id).await?;
        if id == who.member.id {
            let what = "one's own second step is switched off with the password";
            return Err(Error::new(ErrorCode::Conflict, what));
        }
        let change = self.change_by(who, &member, What::SecondStepOff);
        self.workspace(who.workspace())
            .turn_second_step_off(id, change, self.now())
            .await?;
        Ok(())
    }

    /// Takes a code of the member's app, or a spare code, once.
    pub(crate) async fn check_second_step(&self, member: &Member, code: &str) -> Result<()> {
        self.take_try(member.id)?;
        let code = plain(code);
        let fits = if code.len() == SPARE_LENGTH {
            self.take_spare_code(member, &code).await?
        } else {
            self.take_app_code(member, &code).await?
        };
        if !fits {
            return Err(wrong());
        }
        self.throttle().code_fitted(member.id);
        Ok(())
    }

    async fn take_app_code(&self, member: &Member, code: &str) -> Result<bool> {
        let store = self.workspace(member.workspace_id);
        let secret = match store.second_step(member.id).await {
            Ok(secret) => secret,
            // It came with a backup of another computer: spare codes are not sealed, they still open.
            Err(StoreError::Secret) => {
                tracing::warn!("the secret of a second step cannot be opened on this computer");
                None
            }
            Err(error) => return Err(error.into()),
        };
        let step = secret.and_then(|secret| totp::step_of(&secret, code, self.now()));
        match step {
            Some(step) => Ok(store.take_step(member.id, step).await?),
            None => Ok(false),
        }
    }

    async fn take_spare_code(&self, member: &Member, code: &str) -> Result<bool> {
        let hash = hash_of(&code.to_uppercase());
        let change = self.change_of(member, What::SpareCodeUsed);
        let store = self.workspace(member.workspace_id);
        Ok(store
            .take_spare_code(member.id, hash, change, self.now())
            .await?)
    }

    fn take_try(&self, id: MemberId) -> Result<()> {
        let taken = self.throttle().take_code(id, self.now());
        taken.map_err(|seconds| {
            Error::new(ErrorCode::TooMany, "too many codes were tried").retry_after(seconds)
        })
    }
}

fn wrong() -> Error {
    let what = "the code does not fit, is too old, or was used before";
    Error::new(ErrorCode::SecondStepWrong, what)
}

/// As people type it: with spaces and dashes between.
fn plain(code: &str) -> String {
    let typed = code.chars().filter(|c| !c.is_whitespace() && *c != '-');
    typed.take(64).collect()
}

fn spare_codes() -> Result<Vec<String>> {
    let mut codes = Vec::with_capacity(SPARE_CODES);
    for _ in 0..SPARE_CODES {
        let mut bytes = [0_u8; SPARE_LENGTH];
        random(&mut bytes)?;
        let letters = bytes.map(|byte| char::from(SPARE_ALPHABET[usize::from(byte % 32)]));
        let groups = letters
            .chunks(4)
            .map(|four| four.iter().collect::<String>());
        codes.push(groups.collect::<Vec<_>>().join("-"));
    }
    Ok(codes)
}

fn hashes(codes: &[String]) -> Vec<[u8; 32]> {
    codes.iter().map(|code| hash_of(&plain(code))).collect()
}

fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|_| Error::new(ErrorCode::Internal, "get random bytes"))
}
