//! Connections of bots to their owners' own accounts.

use domain::event::Topic;
use domain::id::BotId;
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::{Applied, Store, bots, outbox, sql, updates};

/// A connection to an owner's own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessConnection {
    /// The messenger's id of it.
    pub connection: String,
    /// The owner's id at the messenger.
    pub owner: i64,
    /// The owner's chat with the bot.
    pub owner_chat: i64,
    /// True when the bot may write.
    pub can_reply: bool,
    /// False once the owner ended it.
    pub is_enabled: bool,
}

impl Store {
    /// Keeps a connection as the messenger says it is. What was held through an earlier one of the same owner goes
    /// on through it; when it was ended, or may not write, what waits to be sent through it fails. `AlreadyApplied`
    /// when its update was dealt with before.
    pub async fn set_business_connection(
        &self,
        bot_id: BotId,
        connection: BusinessConnection,
        update_id: Option<i64>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx| {
            let workspace = bots::workspace_of(tx.conn, bot_id)?;
            let update = update_id.map(|number| (bot_id, number));
            if updates::settle(tx.conn, workspace, update)? == Applied::AlreadyApplied {
                return Ok(Applied::AlreadyApplied);
            }
            let bot = bot_id.0.into_bytes();
            sql::run(
                tx.conn,
                "INSERT INTO business_connections
                     (bot_id, connection, owner, owner_chat, can_reply, is_enabled, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (bot_id, connection) DO UPDATE SET
                     owner = excluded.owner, owner_chat = excluded.owner_chat, can_reply = excluded.can_reply,
                     is_enabled = excluded.is_enabled, updated_at = excluded.updated_at",
                params![
                    bot,
                    connection.connection,
                    connection.owner,
                    connection.owner_chat,
                    connection.can_reply,
                    connection.is_enabled,
                    now.0
                ],
            )?;
            if connection.is_enabled {
                for table in ["addresses", "remote_messages"] {
                    sql::run(
                        tx.conn,
                        &format!(
                            "UPDATE OR IGNORE {table} SET business = ?2
                             WHERE bot_id = ?1 AND business IN (
                                 SELECT connection FROM business_connections
                                 WHERE bot_id = ?1 AND owner = ?3 AND connection <> ?2)"
                        ),
                        params![bot, connection.connection, connection.owner],
                    )?;
                }
            }
            if !(connection.is_enabled && connection.can_reply) {
                outbox::give_up(
                    tx,
                    workspace,
                    outbox::NOT_CONNECTED,
                    "a.bot_id = ?4 AND a.business = ?5",
                    &[&bot, &connection.connection],
                    now,
                )?;
            }
            tx.event(workspace, Topic::Bot, bot_id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// A connection of a bot; `None` when the messenger never told of it.
    pub async fn business_connection(
        &self,
        bot_id: BotId,
        connection: &str,
    ) -> Result<Option<BusinessConnection>, StoreError> {
        let connection = connection.to_owned();
        self.read(move |conn| {
            sql::one(
                conn,
                "SELECT connection, owner, owner_chat, can_reply, is_enabled FROM business_connections
                 WHERE bot_id = ?1 AND connection = ?2",
                params![bot_id.0.into_bytes(), connection],
                |row| {
                    Ok(BusinessConnection {
                        connection: row.get(0)?,
                        owner: row.get(1)?,
                        owner_chat: row.get(2)?,
                        can_reply: row.get(3)?,
                        is_enabled: row.get(4)?,
                    })
                },
            )
        })
        .await
    }
}
