//! The audit log: who did what, when, and whether it is as it was written.

use domain::audit::{Deed, Entry};
use domain::member::{Member, Permission};
use store::audit::{AuditReport, AuditRow};

use crate::App;
use crate::error::Result;
use crate::team::person;
use crate::who::Who;

impl App {
    /// Entries of the log, the newest first, at most `limit` of those before a number.
    pub async fn audit(&self, who: &Who, before: Option<u64>, limit: u32) -> Result<Vec<AuditRow>> {
        who.must(Permission::Own)?;
        self.write_refusals(who.workspace()).await;
        Ok(self.workspace(who.workspace()).audit(before, limit).await?)
    }

    /// Reads the log through and says whether it is whole.
    pub async fn verify_audit(&self, who: &Who) -> Result<AuditReport> {
        who.must(Permission::Own)?;
        Ok(self.workspace(who.workspace()).verify_audit().await?)
    }

    /// The member's workspace; what is written through it next stands in the log as these deeds of theirs.
    pub(crate) fn noting(&self, who: &Who, deeds: Vec<Deed>) -> store::Workspace {
        let entries = deeds.into_iter();
        let entries = entries.map(|deed| self.entry(&who.member, deed)).collect();
        self.workspace(who.workspace()).noting(entries)
    }

    /// A deed of a member, as of now.
    pub(crate) fn entry(&self, member: &Member, deed: Deed) -> Entry {
        Entry {
            by: Some(person(member)),
            deed,
            at: self.now(),
        }
    }
}
