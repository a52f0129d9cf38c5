//! Invitations: a link that opens once, for whoever has it or by letter to one address.

use domain::id::{InvitationId, JobId, MemberId};
use domain::job::Lease;
use domain::language::Language;
use domain::member::{Member, Permission, Role};
use domain::team::{Change, Invitation, LetterState, Person, What};
use mail::{Letter, Mailbox, templates};
use store::error::StoreError;
use store::invitations::NewLink;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::mail::LETTER_PATIENCE;
use crate::password;
use crate::people::{Caller, SignedIn, email_of, hash_of, line_of, secret_token};
use crate::team::person;
use crate::who::Who;
use crate::work::is_gone;

/// How long an invitation opens, in days.
pub const INVITATION_DAYS: i64 = 7;
const DAY_SECONDS: i64 = 86_400;
/// Invitations that may be open at a time.
const MOST_OPEN: usize = 100;
/// Members that a workspace may have.
const MOST_MEMBERS: usize = 500;

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// As what.
    pub role: Role,
    /// By letter to this address; `None` for a link that is handed over.
    pub email: Option<String>,
    /// The letter's language.
    pub language: Language,
    /// What the link begins with, as `https://help.example.com`.
    pub origin: String,
}

/// An invitation that was just made.
#[derive(Clone)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// Its link: shown now and never again.
    pub link: String,
}

/// What a link opens.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The business's name.
    pub business: String,
    /// The invitation.
    pub invitation: Invitation,
}

/// What an invited person tells.
#[derive(Clone)]
pub struct Accept {
    /// Their name.
    pub name: String,
    /// What they will sign in with; the invitation's address, where it has one, counts instead.
    pub email: String,
    /// At least ten characters.
    pub password: String,
}

impl App {
    /// Invitations that nobody accepted yet, the newest first.
    pub async fn invitations(&self, who: &Who) -> Result<Vec<Invitation>> {
        who.must(Permission::Own)?;
        Ok(self.workspace(who.workspace()).invitations().await?)
    }

    /// Invites somebody. `NoMail` when a letter is wanted and no mail server is set up; `Conflict` when somebody with
    /// this address is here already.
    pub async fn invite(&self, who: &Who, new: NewInvitation) -> Result<Invited> {
        who.must(Permission::Own)?;
        let store = self.workspace(who.workspace());
        let open = store.invitations().await?.len();
        if open >= MOST_OPEN || open + store.team().await?.len() >= MOST_MEMBERS {
            let what = "there are as many people and invitations as there may be";
            return Err(Error::new(ErrorCode::TooLarge, what));
        }
        let email = match &new.email {
            Some(email) => {
                self.must_have_mail(who).await?;
                let email = email_of(email)?;
                if self.inner.store.member_by_email(&email).await?.is_some() {
                    let what = "somebody signs in with this e-mail already";
                    return Err(Error::new(ErrorCode::Conflict, what));
                }
                email
            }
            None => String::new(),
        };
        let now = self.now();
        let invitation = Invitation {
            id: InvitationId(self.new_id()),
            role: new.role,
            email,
            language: new.language,
            origin: new.origin,
            invited_by: who.member.name.clone(),
            letter: LetterState::None,
            reason: String::new(),
            created_at: now,
            expires_at: now.plus_seconds(INVITATION_DAYS * DAY_SECONDS),
        };
        let (invited, link) = self.with_link(invitation)?;
        let role = new.role;
        let change = self.about_invited(who, &invited.invitation, What::Invited { role });
        store
            .invite(invited.invitation.clone(), link, change, now)
            .await?;
        Ok(invited)
    }

    /// Makes another link for an invitation, for another seven days, and sends its letter again where it has one.
    pub async fn invite_again(
        &self,
        who: &Who,
        id: InvitationId,
        language: Language,
        origin: String,
    ) -> Result<Invited> {
        who.must(Permission::Own)?;
        let store = self.workspace(who.workspace());
        let known = store.invitation(id).await?;
        if !known.email.is_empty() {
            self.must_have_mail(who).await?;
        }
        let now = self.now();
        let invitation = Invitation {
            language,
            origin,
            invited_by: who.member.name.clone(),
            reason: String::new(),
            created_at: now,
            expires_at: now.plus_seconds(INVITATION_DAYS * DAY_SECONDS),
            ..known
        };
        let (invited, link) = self.with_link(invitation)?;
        let change = self.about_invited(who, &invited.invitation, What::InvitedAgain);
        store
            .invite_again(invited.invitation.clone(), link, change, now)
            .await?;
        Ok(invited)
    }

    /// Takes an invitation back: its link opens nothing any more.
    pub async fn withdraw_invitation(&self, who: &Who, id: InvitationId) -> Result<()> {
        who.must(Permission::Own)?;
        let store = self.workspace(who.workspace());
        let known = store.invitation(id).await?;
        let change = self.about_invited(who, &known, What::InvitationWithdrawn);
        store.withdraw_invitation(id, change, self.now()).await?;
        Ok(())
    }

    /// What a link opens. `TokenSpent` when it was used, taken back, or is too old.
    pub async fn open_invitation(&self, token: &str) -> Result<Opened> {
        let found = self
            .inner
            .store
            .open_invitation(hash_of(token), self.now())
            .await?;
        let (workspace, invitation, _) = found.ok_or_else(spent)?;
        Ok(Opened {
            business: self.settings_of(workspace).await?.business,
            invitation,
        })
    }

    /// Joins by a link, which then opens nothing any more, and signs in. `Conflict` when somebody signs in with this
    /// address already.
    pub async fn accept_invitation(
        &self,
        token: &str,
        accept: Accept,
        caller: &Caller<'_>,
    ) -> Result<SignedIn> {
        let hash = hash_of(token);
        let found = self.inner.store.open_invitation(hash, self.now()).await?;
        let (workspace_id, invitation, _) = found.ok_or_else(spent)?;
        let email = match invitation.email.as_str() {
            "" => email_of(&accept.email)?,
            invited => invited.to_owned(),
        };
        let name = line_of("name", &accept.name, 100)?;
        password::acceptable(&accept.password)?;
        let now = self.now();
        let role = invitation.role;
        let member = Member {
            id: MemberId(self.new_id()),
            workspace_id,
            email,
            name,
            role,
            created_at: now,
        };
        let password_hash = self.hash_password(accept.password).await?;
        let change = Change {
            by: Some(person(&member)),
            ..self.change_of(&member, What::Joined { role })
        };
        let accepted = self
            .inner
            .store
            .accept_invitation(hash, member.clone(), password_hash, change, now)
            .await;
        accepted.map_err(|error| match error {
            StoreError::NotFound => spent(),
            StoreError::Conflict => Error::new(
                ErrorCode::Conflict,
                "somebody signs in with this e-mail already",
            ),
            error => error.into(),
        })?;
        tracing::info!(role = ?role, "somebody joined by an invitation");
        self.begin_session(member, caller, store::sessions::SessionKind::Browser)
            .await
    }

    /// Sends an invitation's letter. What only a person can change ends it; all else is tried again.
    pub(crate) async fn invite_job(&self, lease: &Lease, id: InvitationId) -> Result<()> {
        let workspace = lease.job.workspace_id;
        let store = self.workspace(workspace);
        let (invitation, token) = match store.invitation_letter(id).await {
            Ok((invitation, Some(token))) => (invitation, token),
            Ok((_, None)) => {
                self.inner.store.finish_job(lease).await?;
                return Ok(());
            }
            Err(StoreError::Secret) => {
                store.letter_failed(lease, id, "closed", self.now()).await?;
                return Ok(());
            }
            Err(error) => {
                let error = Error::from(error);
                if !is_gone(&error) {
                    return Err(error);
                }
                self.inner.store.finish_job(lease).await?;
                return Ok(());
            }
        };
        let Some(post) = self.post(workspace).await? else {
            store
                .letter_failed(lease, id, "no_mail", self.now())
                .await?;
            return Ok(());
        };
        let business = self.settings_of(workspace).await?.business;
        let left = invitation.expires_at.milliseconds_since(self.now()) / 1_000;
        let token = String::from_utf8_lossy(&token);
        let words = templates::invitation(
            &templates::Invitation {
                business: &business,
                invited_by: &invitation.invited_by,
                role: invitation.role,
                link: &link(&invitation.origin, &token),
                days: (left + DAY_SECONDS / 2).div_euclid(DAY_SECONDS).max(1),
            },
            invitation.language,
        );
        let letter = Letter {
            from: post.sender,
            to: Mailbox {
                name: String::new(),
                address: invitation.email,
            },
            subject: words.subject,
            text: words.text,
            html: words.html,
        };
        let sent = mail::send(&self.inner.net, &post.server, &letter, LETTER_PATIENCE).await;
        match sent {
            Ok(()) => store.letter_sent(lease, id, self.now()).await?,
            Err(error) if error.is_final() => {
                tracing::warn!(code = error.code(), "an invitation was not sent");
                store
                    .letter_failed(lease, id, error.code(), self.now())
                    .await?;
            }
            Err(error) => {
                store
                    .letter_waits(lease, id, error.code(), self.now())
                    .await?;
                let what = format!("send an invitation: {}", error.code());
                return Err(Error::new(ErrorCode::Busy, what).caused_by(error));
            }
        }
        Ok(())
    }

    fn with_link(&self, invitation: Invitation) -> Result<(Invited, NewLink)> {
        let token = secret_token()?;
        let has_letter = !invitation.email.is_empty();
        let invited = Invited {
            link: link(&invitation.origin, &token),
            invitation: Invitation {
                letter: match has_letter {
                    true => LetterState::Waiting,
                    false => LetterState::None,
                },
                ..invitation
            },
        };
        let link = NewLink {
            token_hash: hash_of(&token),
            letter: has_letter.then(|| (JobId(self.new_id()), token)),
        };
        Ok((invited, link))
    }

    fn about_invited(&self, who: &Who, invitation: &Invitation, what: What) -> Change {
        Change {
            by: Some(person(&who.member)),
            about: Person {
                id: None,
                name: invitation.email.clone(),
            },
            what,
            at: self.now(),
        }
    }

    async fn must_have_mail(&self, who: &Who) -> Result<()> {
        match self.mail_of(who.workspace()).await? {
            Some(_) => Ok(()),
            None => Err(Error::new(ErrorCode::NoMail, "no mail server is set up")),
        }
    }
}

fn link(origin: &str, token: &str) -> String {
    format!("{origin}/invitation#{token}")
}

fn spent() -> Error {
    let what = "the invitation was used, taken back, or is too old";
    Error::new(ErrorCode::TokenSpent, what)
}
