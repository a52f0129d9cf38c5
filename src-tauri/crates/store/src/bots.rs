//! Bots: which there are, who runs each, and how it fares. Whoever runs a bot holds a lease with an epoch; whoever
//! lost it is refused.
//!
//! Not here: what a bot's messenger said (`updates`), and what is said to it (`outbox`).

use domain::bot::{Bot, BotAccount, BotLease, BotSettings, BotState, MAX_BOTS};
use domain::event::Topic;
use domain::id::{AssistantId, BotId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::writer::Tx;
use crate::{Store, Workspace, secrets, sql};

/// How exactly it is kept when a messenger was last heard, in seconds: no more than a write a minute.
const HEARD_SECONDS: i64 = 60;

impl Workspace {
    /// Adds a bot with its token; `hint` is what people may see of the token. `Conflict` when its account is a bot
    /// already, of whatever workspace, or when there are [`MAX_BOTS`]; `NotFound` when there is no such assistant.
    pub async fn create_bot(
        &self,
        bot: Bot,
        token: &[u8],
        hint: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (token, hint) = (token.to_vec(), hint.to_owned());
        let keys = self.store.inner.keys.clone();
        self.write(move |tx, workspace| {
            let others = sql::the(
                tx.conn,
                "SELECT count(*) FROM bots WHERE workspace_id = ?1",
                [workspace.0.into_bytes()],
                |row| sql::count_at(row, 0),
            )?;
            if others >= MAX_BOTS as u64 {
                return Err(StoreError::Conflict);
            }
            sql::run(
                tx.conn,
                "INSERT INTO bots
                     (workspace_id, id, assistant_id, account, remote_id, is_on, state, settings, version,
                      next_update, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    workspace.0.into_bytes(),
                    bot.id.0.into_bytes(),
                    bot.assistant_id.0.into_bytes(),
                    sql::json(&bot.account)?,
                    bot.account.id,
                    bot.is_on,
                    sql::json(&bot.state)?,
                    sql::json(&bot.settings)?,
                    bot.version,
                    bot.offset,
                    bot.created_at.0,
                    bot.updated_at.0
                ],
            )?;
            secrets::put(tx.conn, &keys, workspace, &token_of(bot.id), &token, &hint, now)?;
            tx.event(workspace, Topic::Bot, bot.id, now)
        })
        .await
    }

    /// All bots, oldest first, at most [`MAX_BOTS`].
    pub async fn bots(&self) -> Result<Vec<Bot>, StoreError> {
        self.read(all).await
    }

    /// One bot.
    pub async fn bot(&self, id: BotId) -> Result<Bot, StoreError> {
        self.read(move |conn, workspace| the(conn, workspace, id))
            .await
    }

    /// A bot's token; `Secret` when its key is not here.
    pub async fn bot_token(&self, id: BotId) -> Result<Option<Vec<u8>>, StoreError> {
        self.secret(&token_of(id)).await
    }

    /// What people may see of a bot's token.
    pub async fn bot_token_hint(&self, id: BotId) -> Result<Option<String>, StoreError> {
        self.secret_hint(&token_of(id)).await
    }

    /// Changes a bot whose version is still `expected_version`, else `Conflict`. Whoever runs it is refused from
    /// now on and leases it anew, so that what was changed counts at once.
    pub async fn change_bot(
        &self,
        id: BotId,
        expected_version: u32,
        assistant_id: AssistantId,
        is_on: bool,
        settings: BotSettings,
        now: Timestamp,
    ) -> Result<Bot, StoreError> {
        self.write(move |tx, workspace| {
            if the(tx.conn, workspace, id)?.version != expected_version {
                return Err(StoreError::Conflict);
            }
            sql::run(
                tx.conn,
                "UPDATE bots
                 SET assistant_id = ?3, is_on = ?4, settings = ?5, version = version + 1, updated_at = ?6,
                     state = iif(?4, state, ?7)
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    assistant_id.0.into_bytes(),
                    is_on,
                    sql::json(&settings)?,
                    now.0,
                    sql::json(&BotState::Off)?
                ],
            )?;
            take_away(tx.conn, workspace, id)?;
            tx.event(workspace, Topic::Bot, id, now)?;
            the(tx.conn, workspace, id)
        })
        .await
    }

    /// Gives a bot another token, of the account as it is now. Of another account nothing is known yet: its updates
    /// are asked for from the beginning. `Conflict` when that account is a bot already. Whoever runs it is refused.
    pub async fn set_bot_token(
        &self,
        id: BotId,
        token: &[u8],
        hint: &str,
        account: BotAccount,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (token, hint) = (token.to_vec(), hint.to_owned());
        let keys = self.store.inner.keys.clone();
        self.write(move |tx, workspace| {
            let before = the(tx.conn, workspace, id)?;
            let same = before.account.id == account.id;
            sql::run(
                tx.conn,
                "UPDATE bots
                 SET account = ?3, remote_id = ?4, state = ?5, updated_at = ?6, told = '',
                     next_update = iif(?7, next_update, 0)
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    sql::json(&account)?,
                    account.id,
                    sql::json(&BotState::Off)?,
                    now.0,
                    same
                ],
            )?;
            secrets::put(tx.conn, &keys, workspace, &token_of(id), &token, &hint, now)?;
            take_away(tx.conn, workspace, id)?;
            tx.event(workspace, Topic::Bot, id, now)
        })
        .await
    }

    /// Removes a bot with its token, its updates and what waits to be sent. What was said through it stays.
    pub async fn remove_bot(&self, id: BotId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            the(tx.conn, workspace, id)?;
            let key = params![workspace.0.into_bytes(), id.0.into_bytes()];
            sql::run(
                tx.conn,
                "DELETE FROM bots WHERE workspace_id = ?1 AND id = ?2",
                key,
            )?;
            sql::run(
                tx.conn,
                "DELETE FROM secrets WHERE workspace_id = ?1 AND name = ?2",
                params![workspace.0.into_bytes(), token_of(id)],
            )?;
            tx.event(workspace, Topic::Bot, id, now)
        })
        .await
    }
}

impl Store {
    /// A bot of whatever workspace: for whoever runs bots, and for webhooks.
    pub async fn bot_anywhere(&self, id: BotId) -> Result<Bot, StoreError> {
        self.read(move |conn| anywhere(conn, id)).await
    }

    /// Bots that are on and that nobody runs, those that heard something last first; at most [`MAX_BOTS`].
    pub async fn bots_to_run(&self, now: Timestamp) -> Result<Vec<BotId>, StoreError> {
        self.read(move |conn| {
            sql::many(
                conn,
                &format!(
                    "SELECT id FROM bots WHERE is_on AND lease_until <= ?1
                     ORDER BY coalesce(last_update_at, created_at) DESC, id LIMIT {MAX_BOTS}"
                ),
                [now.0],
                |row| Ok(BotId(sql::id_at(row, 0)?)),
            )
        })
        .await
    }

    /// Takes a bot to run it, until `seconds` after `now`; `None` when it is off or gone, or somebody else runs it.
    pub async fn lease_bot(
        &self,
        id: BotId,
        holder: &str,
        now: Timestamp,
        seconds: u32,
    ) -> Result<Option<BotLease>, StoreError> {
        let holder = holder.to_owned();
        self.write(move |tx| {
            let epoch = sql::one(
                tx.conn,
                "UPDATE bots SET epoch = epoch + 1, holder = ?2, lease_until = ?3
                 WHERE id = ?1 AND is_on AND lease_until <= ?4 RETURNING epoch",
                params![
                    id.0.into_bytes(),
                    holder,
                    now.plus_seconds(seconds.into()).0,
                    now.0
                ],
                |row| sql::count_at(row, 0),
            )?;
            let Some(epoch) = epoch else {
                return Ok(None);
            };
            let bot = anywhere(tx.conn, id)?;
            Ok(Some(BotLease { bot, epoch }))
        })
        .await
    }

    /// Holds a bot for longer: `seconds` from `now`. Nothing is written while more than half of that is left.
    /// `Fenced` when it is lost.
    pub async fn renew_bot(
        &self,
        lease: &BotLease,
        now: Timestamp,
        seconds: u32,
    ) -> Result<(), StoreError> {
        let half = now.plus_milliseconds(i64::from(seconds) * 500);
        self.held(lease, move |tx, key| {
            sql::run(
                tx.conn,
                "UPDATE bots SET lease_until = ?3
                 WHERE workspace_id = ?1 AND id = ?2 AND lease_until <= ?4",
                params![key.0, key.1, now.plus_seconds(seconds.into()).0, half.0],
            )?;
            Ok(())
        })
        .await
    }

    /// Gives a bot back: others may run it at once. `Fenced` when it was lost.
    pub async fn release_bot(&self, lease: &BotLease) -> Result<(), StoreError> {
        self.held(lease, |tx, key| {
            sql::run(
                tx.conn,
                "UPDATE bots SET holder = '', lease_until = 0 WHERE workspace_id = ?1 AND id = ?2",
                params![key.0, key.1],
            )?;
            Ok(())
        })
        .await
    }

    /// Says how a bot fares; nothing is written when that was known: the same trouble goes on since it began.
    /// `Fenced` when it is lost.
    pub async fn set_bot_state(
        &self,
        lease: &BotLease,
        state: BotState,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (workspace, id) = (lease.bot.workspace_id, lease.bot.id);
        self.held(lease, move |tx, key| {
            let before = the(tx.conn, workspace, id)?.state;
            let known = match (&before, &state) {
                (
                    BotState::Troubled { trouble: was, .. },
                    BotState::Troubled { trouble: is, .. },
                ) => was == is,
                _ => before == state,
            };
            if known {
                return Ok(());
            }
            sql::run(
                tx.conn,
                "UPDATE bots SET state = ?3 WHERE workspace_id = ?1 AND id = ?2",
                params![key.0, key.1, sql::json(&state)?],
            )?;
            tx.event(workspace, Topic::Bot, id, now)
        })
        .await
    }

    /// Keeps what the messenger says about a bot's account, when it is something new. `Conflict` when another bot
    /// has that account; `Fenced` when the bot is lost.
    pub async fn set_bot_account(
        &self,
        lease: &BotLease,
        account: BotAccount,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (workspace, id) = (lease.bot.workspace_id, lease.bot.id);
        self.held(lease, move |tx, key| {
            if the(tx.conn, workspace, id)?.account == account {
                return Ok(());
            }
            sql::run(
                tx.conn,
                "UPDATE bots SET account = ?3, remote_id = ?4 WHERE workspace_id = ?1 AND id = ?2",
                params![key.0, key.1, sql::json(&account)?, account.id],
            )?;
            tx.event(workspace, Topic::Bot, id, now)
        })
        .await
    }

    /// Notes that a bot's messenger was heard, at most once a minute. `Fenced` when the bot is lost.
    pub async fn heard_bot(&self, lease: &BotLease, now: Timestamp) -> Result<(), StoreError> {
        self.held(lease, move |tx, key| {
            sql::run(
                tx.conn,
                "UPDATE bots SET last_heard_at = ?3
                 WHERE workspace_id = ?1 AND id = ?2 AND (last_heard_at IS NULL OR last_heard_at <= ?4)",
                params![key.0, key.1, now.0, now.plus_seconds(-HEARD_SECONDS).0],
            )?;
            Ok(())
        })
        .await
    }

    /// What a bot's messenger was told last about commands and updates; empty before the first time.
    pub async fn bot_told(&self, lease: &BotLease) -> Result<String, StoreError> {
        let id = lease.bot.id;
        self.read(move |conn| {
            sql::the(
                conn,
                "SELECT told FROM bots WHERE id = ?1",
                [id.0.into_bytes()],
                |row| Ok(row.get(0)?),
            )
        })
        .await
    }

    /// Keeps what a bot's messenger was told. `Fenced` when the bot is lost.
    pub async fn set_bot_told(&self, lease: &BotLease, told: String) -> Result<(), StoreError> {
        self.held(lease, move |tx, key| {
            sql::run(
                tx.conn,
                "UPDATE bots SET told = ?3 WHERE workspace_id = ?1 AND id = ?2",
                params![key.0, key.1, told],
            )?;
            Ok(())
        })
        .await
    }

    /// Writes for whoever holds the bot.
    async fn held<F>(&self, lease: &BotLease, operation: F) -> Result<(), StoreError>
    where
        F: FnOnce(&mut Tx<'_>, ([u8; 16], [u8; 16])) -> Result<(), StoreError> + Send + 'static,
    {
        let lease = lease.clone();
        self.write(move |tx| {
            holds(tx.conn, &lease)?;
            let key = (lease.bot.workspace_id.0, lease.bot.id.0);
            operation(tx, (key.0.into_bytes(), key.1.into_bytes()))
        })
        .await
    }
}

/// The name of the secret that is a bot's token.
fn token_of(id: BotId) -> String {
    format!("bot:{id}")
}

const BOT: &str =
    "id, workspace_id, assistant_id, account, is_on, state, settings, version, next_update,
    last_update_at, last_heard_at, created_at, updated_at";

/// One bot; `NotFound` when this workspace has no such one.
pub(crate) fn the(conn: &Connection, workspace: WorkspaceId, id: BotId) -> Result<Bot, StoreError> {
    sql::the(
        conn,
        &format!("SELECT {BOT} FROM bots WHERE workspace_id = ?1 AND id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// One bot of whatever workspace.
pub(crate) fn anywhere(conn: &Connection, id: BotId) -> Result<Bot, StoreError> {
    sql::the(
        conn,
        &format!("SELECT {BOT} FROM bots WHERE id = ?1"),
        [id.0.into_bytes()],
        read,
    )
}

/// Whose a bot is; `NotFound` when there is no such one.
pub(crate) fn workspace_of(conn: &Connection, id: BotId) -> Result<WorkspaceId, StoreError> {
    sql::the(
        conn,
        "SELECT workspace_id FROM bots WHERE id = ?1",
        [id.0.into_bytes()],
        |row| Ok(WorkspaceId(sql::id_at(row, 0)?)),
    )
}

/// `Fenced` unless the lease is the bot's newest.
pub(crate) fn holds(conn: &Connection, lease: &BotLease) -> Result<(), StoreError> {
    let held = sql::any(
        conn,
        "SELECT 1 FROM bots WHERE workspace_id = ?1 AND id = ?2 AND epoch = ?3 AND holder <> ''",
        params![
            lease.bot.workspace_id.0.into_bytes(),
            lease.bot.id.0.into_bytes(),
            sql::signed(lease.epoch)
        ],
    )?;
    match held {
        true => Ok(()),
        false => Err(StoreError::Fenced),
    }
}

/// Nobody else runs on this data folder: whoever held a bot is gone.
pub(crate) fn free_all(conn: &Connection) -> Result<(), StoreError> {
    sql::run(
        conn,
        "UPDATE bots SET holder = '', lease_until = 0 WHERE holder <> ''",
        [],
    )?;
    Ok(())
}

/// An assistant is about to go with its bots: their tokens go too.
pub(crate) fn forget_tokens(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    assistant_id: AssistantId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let bots = sql::many(
        tx.conn,
        "SELECT id FROM bots WHERE workspace_id = ?1 AND assistant_id = ?2",
        params![workspace.0.into_bytes(), assistant_id.0.into_bytes()],
        |row| Ok(BotId(sql::id_at(row, 0)?)),
    )?;
    for id in bots {
        sql::run(
            tx.conn,
            "DELETE FROM secrets WHERE workspace_id = ?1 AND name = ?2",
            params![workspace.0.into_bytes(), token_of(id)],
        )?;
        tx.event(workspace, Topic::Bot, id, now)?;
    }
    Ok(())
}

/// Gives a bot another chat for its operators, where it has the one of before.
pub(crate) fn move_staff(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: BotId,
    from: i64,
    to: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut settings = the(tx.conn, workspace, id)?.settings;
    if settings.staff_chat != from {
        return Ok(());
    }
    settings.staff_chat = to;
    sql::run(
        tx.conn,
        "UPDATE bots SET settings = ?3, version = version + 1, updated_at = ?4
         WHERE workspace_id = ?1 AND id = ?2",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            sql::json(&settings)?,
            now.0
        ],
    )?;
    tx.event(workspace, Topic::Bot, id, now)
}

/// Whoever runs it is refused from now on, and it may be leased at once.
fn take_away(conn: &Connection, workspace: WorkspaceId, id: BotId) -> Result<(), StoreError> {
    sql::run(
        conn,
        "UPDATE bots SET epoch = epoch + 1, holder = '', lease_until = 0
         WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
    )?;
    Ok(())
}

/// The bots of a workspace, oldest first.
pub(crate) fn all(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<Bot>, StoreError> {
    sql::many(
        conn,
        &format!(
            "SELECT {BOT} FROM bots WHERE workspace_id = ?1 ORDER BY created_at, id LIMIT {MAX_BOTS}"
        ),
        [workspace.0.into_bytes()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Bot, StoreError> {
    Ok(Bot {
        id: BotId(sql::id_at(row, 0)?),
        workspace_id: WorkspaceId(sql::id_at(row, 1)?),
        assistant_id: AssistantId(sql::id_at(row, 2)?),
        account: sql::json_at(row, 3)?,
        is_on: row.get(4)?,
        state: sql::json_at(row, 5)?,
        settings: sql::json_at(row, 6)?,
        version: row.get(7)?,
        offset: row.get(8)?,
        last_update_at: row.get::<_, Option<i64>>(9)?.map(Timestamp),
        last_heard_at: row.get::<_, Option<i64>>(10)?.map(Timestamp),
        created_at: sql::time_at(row, 11)?,
        updated_at: sql::time_at(row, 12)?,
    })
}
