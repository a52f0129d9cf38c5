//! Conversations that no person answers in go back to the assistant by themselves.

use std::time::Duration;

use domain::handoff::Act;
use domain::id::{ConversationId, WorkspaceId};
use store::handoffs::NewHandoff;
use store::handoffs::Transit;
use tokio::sync::watch;

use crate::App;
use crate::error::{ErrorCode, Result};
use crate::handoff::acting::last_sign;

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(20);
/// Conversations of one look.
const AT_ONCE: u32 = 100;
/// Messages that are looked at for the operator's last one.
const LOOKED_AT: u32 = 50;

/// Hands back what is idle until the stop.
pub(crate) async fn keep_handing_back(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stopped.changed() => return,
        }
        if let Err(error) = app.hand_back_idle().await {
            tracing::warn!(%error, "idle conversations could not be handed back");
        }
    }
}

impl App {
    /// Hands back what has been idle for as long as its rules want; how many there were, at most 100.
    pub async fn hand_back_idle(&self) -> Result<u32> {
        let idle = self.inner.store.idle_handoffs(self.now(), AT_ONCE).await?;
        let mut handed_back = 0;
        for (workspace, id) in idle {
            match self.hand_back_one(workspace, id).await {
                Ok(true) => handed_back += 1,
                Ok(false) => {}
                // One that cannot be handed back keeps no other from it.
                Err(error) => {
                    tracing::warn!(%error, "an idle conversation could not be handed back");
                }
            }
        }
        Ok(handed_back)
    }

    async fn hand_back_one(&self, workspace: WorkspaceId, id: ConversationId) -> Result<bool> {
        let store = self.workspace(workspace);
        let handoff = store.handoff(id).await?;
        let said = store.messages(id, None, LOOKED_AT).await?;
        let Some(since) = last_sign(&handoff, &said) else {
            return Ok(false);
        };
        let now = self.now();
        let minutes = now.milliseconds_since(since).max(0) / 60_000;
        let minutes = u32::try_from(minutes).unwrap_or(u32::MAX);
        match self
            .act(workspace, id, Act::IdleFor { minutes }, None)
            .await
        {
            Ok(transition) => Ok(transition.is_change()),
            // The rules were made more patient meanwhile: it is looked at again when they say so.
            Err(error) if error.code == ErrorCode::Conflict => {
                self.be_patient(workspace, id, minutes).await?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    async fn be_patient(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
        minutes: u32,
    ) -> Result<()> {
        let store = self.workspace(workspace);
        let handoff = store.handoff(id).await?;
        let conversation = store.conversation(id).await?;
        let assistant = store.assistant(conversation.assistant_id).await?;
        let rules = &assistant.settings.handoff;
        let left = rules.idle_minutes.saturating_sub(minutes).max(1);
        let now = self.now();
        let act = Act::IdleFor { minutes };
        let transit = Transit {
            handoff: NewHandoff {
                transition: domain::handoff::Transition {
                    from: handoff.clone(),
                    to: handoff,
                    by: act.by(),
                    act,
                    at: now,
                },
                idle_at: Some(now.plus_seconds(i64::from(left) * 60)),
            },
            outgoing: Vec::new(),
            answer: None,
            update: None,
        };
        store.transit(id, transit, now).await?;
        Ok(())
    }
}
