//! Jobs as people see them.

use domain::id::JobId;
use domain::job::{Job, JobState};
use domain::member::Permission;
use store::page::{Cursor, Page};

use crate::App;
use crate::error::Result;
use crate::who::Who;

impl App {
    /// A page of jobs, newest first.
    pub async fn jobs(
        &self,
        who: &Who,
        state: Option<JobState>,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Job>> {
        who.must(Permission::ChangeSettings)?;
        Ok(self
            .workspace(who.workspace())
            .jobs(state, after, limit)
            .await?)
    }

    /// Lets a dead job run again now.
    pub async fn retry_job(&self, who: &Who, id: JobId) -> Result<()> {
        who.must(Permission::ChangeSettings)?;
        self.workspace(who.workspace())
            .retry_job(id, self.now())
            .await?;
        Ok(())
    }

    /// Lets the dead jobs run again now, at most 1,000; says how many.
    pub async fn retry_jobs(&self, who: &Who) -> Result<u64> {
        who.must(Permission::ChangeSettings)?;
        let now = self.now();
        Ok(self.workspace(who.workspace()).retry_jobs(now).await?)
    }
}
