//! People: the first owner, sign-in, sessions, passwords.

use std::net::IpAddr;
use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::assistant::{Assistant, AssistantSettings};
use domain::audit::{Deed, Wrong};
use domain::id::{AssistantId, MemberId, SessionId, WorkspaceId};
use domain::member::{Member, Permission, Role};
use domain::team::{Change, What};
use sha2::{Digest, Sha256};
use store::entry_tokens::EntryPurpose;
use store::error::StoreError;
use store::owner::NewOwner;
use store::recovery::RecoveryCode;
use store::sessions::{Session, SessionKind};

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::password;
use crate::who::Who;

/// How long a link for the first owner or a lost password lives, in seconds.
pub const LINK_SECONDS: i64 = 15 * 60;
/// How long the window's own token lives, in seconds (security.md C17).
pub const WINDOW_SECONDS: i64 = 30;
/// What the window's own tokens begin with: no other can, base64url has no full stop, and what is kept is the hash of
/// the whole.
const OF_WINDOW: &str = "window.";

/// What the first owner tells about themselves and the business.
#[derive(Debug, Clone)]
pub struct FirstOwner {
    /// The business's name.
    pub business: String,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// At least [`password::MIN_PASSWORD`] characters.
    pub password: String,
}

/// A member who joins.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// The name others see.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// At least [`password::MIN_PASSWORD`] characters.
    pub password: String,
}

/// Where somebody comes from who wants to be let in.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The address.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: &'a str,
}

/// A member who has just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The member.
    pub member: Member,
    /// The secret for the cookie: 256 random bits, base64url. Stored only as a hash.
    pub session_token: String,
}

/// The first owner, who has just signed in.
#[derive(Debug, Clone)]
pub struct FirstIn {
    /// The session.
    pub signed_in: SignedIn,
    /// The recovery code: shown now and never again; `None` when there is one already.
    pub recovery_code: Option<RecoveryCode>,
}

/// Where a one-time link leads.
#[derive(Debug, Clone)]
pub enum Entered {
    /// There is no owner yet: the token is still good for [`App::first_owner`].
    FirstOwner,
    /// Signed in.
    SignedIn(Box<SignedIn>),
}

impl App {
    /// True once somebody owns this installation.
    pub async fn has_owner(&self) -> Result<bool> {
        Ok(self.inner.store.has_owner().await?)
    }

    /// A one-time link's token for the first owner, 15 minutes.
    pub async fn first_owner_token(&self) -> Result<String> {
        self.entry_token(SessionKind::Browser, EntryPurpose::FirstOwner, LINK_SECONDS)
            .await
    }

    /// A one-time link's token that signs a member in: `seconds` at most.
    pub async fn sign_in_token(&self, member: MemberId, seconds: i64) -> Result<String> {
        self.entry_token(SessionKind::Browser, EntryPurpose::SignIn(member), seconds)
            .await
    }

    /// The token that signs the program's own window in as a member: 30 seconds. Only its session may ask for what
    /// the computer itself does (security.md C17).
    pub async fn window_token(&self, member: MemberId) -> Result<String> {
        let purpose = EntryPurpose::SignIn(member);
        self.entry_token(SessionKind::Window, purpose, WINDOW_SECONDS)
            .await
    }

    async fn entry_token(
        &self,
        kind: SessionKind,
        purpose: EntryPurpose,
        seconds: i64,
    ) -> Result<String> {
        let token = entry_token_of(kind)?;
        self.inner
            .store
            .put_entry_token(hash_of(&token), purpose, self.now().plus_seconds(seconds))
            .await?;
        Ok(token)
    }

    /// Looks where a one-time link leads and signs in when it is a member's. A member's token works once.
    pub async fn enter(&self, token: &str, caller: &Caller<'_>) -> Result<Entered> {
        let hash = hash_of(token);
        let spent = || {
            Error::new(
                ErrorCode::TokenSpent,
                "the sign-in link was used or is too old",
            )
        };
        let purpose = self
            .inner
            .store
            .entry_token(hash, self.now())
            .await?
            .ok_or_else(spent)?;
        match purpose {
            EntryPurpose::FirstOwner => Ok(Entered::FirstOwner),
            EntryPurpose::SignIn(member_id) => {
                self.inner
                    .store
                    .take_entry_token(hash, self.now())
                    .await?
                    .ok_or_else(spent)?;
                let (member, _) = self
                    .inner
                    .store
                    .member(member_id)
                    .await?
                    .ok_or_else(spent)?;
                tracing::info!("signed in by a one-time link");
                let kind = match token.starts_with(OF_WINDOW) {
                    true => SessionKind::Window,
                    false => SessionKind::Browser,
                };
                Ok(Entered::SignedIn(Box::new(
                    self.begin_session(member, caller, kind).await?,
                )))
            }
        }
    }

    /// Makes the first owner with the token of the first link; refused once there is one.
    pub async fn first_owner(
        &self,
        token: &str,
        owner: FirstOwner,
        caller: &Caller<'_>,
    ) -> Result<FirstIn> {
        let spent = || {
            Error::new(
                ErrorCode::TokenSpent,
                "the sign-in link was used or is too old",
            )
        };
        let hash = hash_of(token);
        let purpose = self
            .inner
            .store
            .entry_token(hash, self.now())
            .await?
            .ok_or_else(spent)?;
        if purpose != EntryPurpose::FirstOwner {
            return Err(spent());
        }
        let member = self.create_owner(owner).await?;
        self.inner.store.take_entry_token(hash, self.now()).await?;
        let recovery_code = self.first_recovery_code().await?;
        let signed_in = self
            .begin_session(member, caller, SessionKind::Browser)
            .await?;
        Ok(FirstIn {
            signed_in,
            recovery_code,
        })
    }

    /// Makes the first owner from this computer's own command line.
    pub async fn create_owner(&self, owner: FirstOwner) -> Result<Member> {
        let email = email_of(&owner.email)?;
        let name = line_of("name", &owner.name, 100)?;
        let business = line_of("business", &owner.business, 100)?;
        password::acceptable(&owner.password)?;
        let now = self.now();
        let workspace_id = WorkspaceId(self.new_id());
        let member = Member {
            id: MemberId(self.new_id()),
            workspace_id,
            email,
            name,
            role: Role::Owner,
            created_at: now,
        };
        let assistant = Assistant {
            id: AssistantId(self.new_id()),
            name: business.clone(),
            settings: AssistantSettings::default(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let password_hash = self.hash_password(owner.password).await?;
        let new = NewOwner {
            workspace_id,
            workspace_name: business,
            member: member.clone(),
            password_hash,
            assistant,
        };
        self.inner.store.first_owner(new, now).await?;
        Ok(member)
    }

    /// Adds a member to the asking member's workspace.
    pub async fn add_member(&self, who: &Who, new: NewMember) -> Result<Member> {
        who.must(Permission::Own)?;
        password::acceptable(&new.password)?;
        let member = Member {
            id: MemberId(self.new_id()),
            workspace_id: who.workspace(),
            email: email_of(&new.email)?,
            name: line_of("name", &new.name, 100)?,
            role: new.role,
            created_at: self.now(),
        };
        let hash = self.hash_password(new.password).await?;
        let role = new.role;
        let change = self.change_by(who, &member, What::Joined { role });
        self.inner
            .store
            .add_member(member.clone(), hash, change)
            .await?;
        Ok(member)
    }

    /// Signs in with e-mail and password, and with a code where the member's second step is on
    /// (`SecondStepNeeded` without one). Limited to ten tries, then one a minute, for each address and account; codes
    /// for each member.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        code: Option<&str>,
        caller: &Caller<'_>,
    ) -> Result<SignedIn> {
        let email = email.trim().to_lowercase();
        let from = caller.address;
        let taken = self.throttle().take(&email, from, self.now());
        taken.map_err(|seconds| {
            Error::new(ErrorCode::TooMany, "too many tries to sign in").retry_after(seconds)
        })?;
        let known = self.inner.store.member_by_email(&email).await?;
        let hash = known.as_ref().map(|(_, hash)| hash.clone());
        let fits = self.verify_password(password.to_owned(), hash).await?;
        let member = match (known, fits) {
            (Some((member, _)), true) => member,
            (known, _) => {
                let tried = known.as_ref().map(|(member, _)| member);
                self.refused(tried, Wrong::Password, from).await?;
                let what = "e-mail or password do not fit";
                return Err(Error::new(ErrorCode::WrongPassword, what));
            }
        };
        if self.inner.store.has_second_step(member.id).await? {
            let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
                self.throttle().succeeded(&email, from);
                let what = "a code of the second step is wanted";
                return Err(Error::new(ErrorCode::SecondStepNeeded, what));
            };
            let checked = self.check_second_step(&member, code).await;
            if matches!(&checked, Err(error) if error.code == ErrorCode::SecondStepWrong) {
                self.refused(Some(&member), Wrong::Code, from).await?;
            }
            checked?;
        }
        self.throttle().succeeded(&email, from);
        self.write_refusals_of(&member).await;
        let entry = self.entry(&member, Deed::SignedIn);
        match self.workspace(member.workspace_id).note(entry).await {
            // Whoever is to make room on a full disk must get in.
            Err(StoreError::Full | StoreError::Io(_)) => {
                tracing::warn!(member = %member.id, "a sign-in is missing in the audit log: the disk is full");
            }
            noted => noted?,
        }
        self.begin_session(member, caller, SessionKind::Browser)
            .await
    }

    /// Who a session's secret belongs to; `None` when it ended, was idle for 12 hours, or is 30 days old.
    pub async fn who(&self, session_token: &str) -> Result<Option<Who>> {
        let found = self
            .inner
            .store
            .session(hash_of(session_token), self.now())
            .await?;
        Ok(found.map(|(session, member)| Who {
            member,
            session_id: Some(session.id),
        }))
    }

    /// The same where the session is that of the program's own window, and the member owns the workspace; `None` for
    /// everybody else.
    pub async fn who_in_window(&self, session_token: &str) -> Result<Option<Who>> {
        let hash = hash_of(session_token);
        let found = self.inner.store.session(hash, self.now()).await?;
        let at_window = found.filter(|(session, member)| {
            session.kind == SessionKind::Window && member.role.may(Permission::Own)
        });
        Ok(at_window.map(|(session, member)| Who {
            member,
            session_id: Some(session.id),
        }))
    }

    /// Where the member's session lives.
    pub(crate) async fn kind_of_session(&self, who: &Who) -> Result<SessionKind> {
        let all = self.inner.store.sessions_of(who.member.id, self.now());
        let mine = all
            .await?
            .into_iter()
            .find(|session| Some(session.id) == who.session_id);
        Ok(mine.map_or(SessionKind::Browser, |session| session.kind))
    }

    /// The owner at this computer's own command line.
    pub async fn owner_here(&self) -> Result<Option<Who>> {
        let owner = self
            .all_members()
            .await?
            .into_iter()
            .find(|member| member.role == Role::Owner);
        Ok(owner.map(|member| Who {
            member,
            session_id: None,
        }))
    }

    /// Ends the session.
    pub async fn sign_out(&self, who: &Who) -> Result<()> {
        if let Some(session_id) = who.session_id {
            self.inner.store.end_session(session_id).await?;
        }
        Ok(())
    }

    /// Changes the member's own password and ends their other sessions.
    pub async fn change_password(
        &self,
        who: &Who,
        old: &str,
        new: &str,
        from: IpAddr,
    ) -> Result<()> {
        self.check_password(who, old, from).await?;
        let change = self.change_by(who, &who.member, What::PasswordChanged);
        self.set_password(who.member.id, new, who.session_id, change)
            .await
    }

    /// Asks a member who is signed in for their password once more.
    pub(crate) async fn check_password(
        &self,
        who: &Who,
        password: &str,
        from: IpAddr,
    ) -> Result<()> {
        let taken = self.throttle().take(&who.member.email, from, self.now());
        taken.map_err(|seconds| {
            Error::new(ErrorCode::TooMany, "too many tries").retry_after(seconds)
        })?;
        let known = self.inner.store.member_by_email(&who.member.email).await?;
        let fits = self
            .verify_password(password.to_owned(), known.map(|(_, hash)| hash))
            .await?;
        if !fits {
            return Err(Error::new(
                ErrorCode::WrongPassword,
                "the password does not fit",
            ));
        }
        self.throttle().succeeded(&who.member.email, from);
        Ok(())
    }

    /// Sets a new password from this computer's own command line and ends every session. The second step stays as it
    /// is: says whether signing in takes it.
    pub async fn reset_password(&self, email: &str, new: &str) -> Result<bool> {
        let member = self.member_here(email).await?;
        let change = self.change_of(&member, What::PasswordChanged);
        self.set_password(member.id, new, None, change).await?;
        Ok(self.inner.store.has_second_step(member.id).await?)
    }

    /// Switches a second step off from this computer's own command line, for whoever lost telephone and spare codes.
    pub async fn second_step_off_here(&self, email: &str) -> Result<()> {
        let member = self.member_here(email).await?;
        let change = self.change_of(&member, What::SecondStepOff);
        self.workspace(member.workspace_id)
            .turn_second_step_off(member.id, change, self.now())
            .await?;
        Ok(())
    }

    async fn member_here(&self, email: &str) -> Result<Member> {
        let known = self
            .inner
            .store
            .member_by_email(&email.trim().to_lowercase())
            .await?;
        let member = known.map(|(member, _)| member);
        member.ok_or_else(|| Error::new(ErrorCode::NotFound, "nobody signs in with this e-mail"))
    }

    /// Everybody who signs in.
    pub async fn all_members(&self) -> Result<Vec<Member>> {
        let mut all = Vec::new();
        for (workspace, _) in self.inner.store.workspaces().await? {
            all.extend(self.inner.store.members(workspace).await?);
        }
        Ok(all)
    }

    async fn set_password(
        &self,
        member: MemberId,
        new: &str,
        keep: Option<SessionId>,
        change: Change,
    ) -> Result<()> {
        password::acceptable(new)?;
        let hash = self.hash_password(new.to_owned()).await?;
        self.inner
            .store
            .set_password_hash(member, hash, keep, change, self.now())
            .await?;
        Ok(())
    }

    pub(crate) async fn begin_session(
        &self,
        member: Member,
        caller: &Caller<'_>,
        kind: SessionKind,
    ) -> Result<SignedIn> {
        let session_token = secret_token()?;
        let now = self.now();
        let session = Session {
            id: SessionId(self.new_id()),
            member_id: member.id,
            token_hash: hash_of(&session_token),
            created_at: now,
            last_seen_at: now,
            user_agent: caller
                .user_agent
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect(),
            kind,
            address: caller.address.to_string(),
        };
        self.inner.store.create_session(session).await?;
        Ok(SignedIn {
            member,
            session_token,
        })
    }

    pub(crate) fn throttle(&self) -> std::sync::MutexGuard<'_, crate::throttle::Throttle> {
        self.inner
            .throttle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The token of a one-time link that begins a session of this kind.
pub(crate) fn entry_token_of(kind: SessionKind) -> Result<String> {
    let token = secret_token()?;
    Ok(match kind {
        SessionKind::Browser => token,
        SessionKind::Window => format!("{OF_WINDOW}{token}"),
    })
}

/// 256 random bits as base64url.
pub(crate) fn secret_token() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| Error::new(ErrorCode::Internal, "get random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// An e-mail address in lowercase: one `@` with something on both sides, no white space, at most 254 bytes.
pub(crate) fn email_of(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let parts = email.split_once('@');
    let is_address = parts
        .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty() && !right.contains('@'));
    let is_clean =
        !email.chars().any(|c| c.is_whitespace() || c.is_control()) && email.len() <= 254;
    match is_address && is_clean {
        true => Ok(email),
        false => Err(Error::invalid("email", "this is not an e-mail address")),
    }
}

/// One line of text without control characters, 1 to `most` characters.
pub(crate) fn line_of(field: &'static str, text: &str, most: usize) -> Result<String> {
    let line: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match line.chars().count() {
        0 => Err(Error::invalid(field, format!("{field} is empty"))),
        n if n > most => Err(Error::invalid(
            field,
            format!("{field} is longer than {most} characters"),
        )),
        _ => Ok(line),
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        if matches!(error, StoreError::BadCode) {
            return Error::invalid("code", error.to_string());
        }
        let code = match &error {
            StoreError::WrongCode => ErrorCode::WrongCode,
            StoreError::BadBackup(_) | StoreError::Newer { .. } => ErrorCode::BadBackup,
            StoreError::NotFound => ErrorCode::NotFound,
            StoreError::Conflict | StoreError::Fenced => ErrorCode::Conflict,
            StoreError::Busy => ErrorCode::Busy,
            StoreError::Full => ErrorCode::Full,
            StoreError::Corrupt(_) => ErrorCode::Damaged,
            _ => ErrorCode::Internal,
        };
        Error::new(code, error.to_string()).caused_by(error)
    }
}
