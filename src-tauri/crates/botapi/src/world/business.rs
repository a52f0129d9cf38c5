//! Business accounts: connecting a bot, changing its rights (A6).

use std::collections::{BTreeMap, HashMap};

use crate::id::{BotId, ConnectionId, Place, UserId};
use crate::state::{BusinessRights, Connection, State};

use super::World;

impl World {
    /// The owner of a business account connects a bot; the bot is told.
    pub fn connect_business(
        &self,
        bot: BotId,
        owner: UserId,
        rights: BusinessRights,
    ) -> ConnectionId {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let id = ConnectionId(u32::try_from(state.connections.len()).unwrap_or(u32::MAX) + 1);
        let connection = Connection {
            id,
            bot,
            owner,
            at_ms: now_ms,
            enabled: true,
            rights,
            last_incoming_ms: HashMap::new(),
            read: BTreeMap::new(),
        };
        state.connections.insert(id, connection);
        state.tell_connection(now_ms, id);
        id
    }

    /// The owner changes what the bot may do; the bot is told.
    pub fn change_business(&self, connection: ConnectionId, rights: BusinessRights) {
        let now_ms = self.now_ms();
        let mut state = self.state();
        if let Some(known) = state.connections.get_mut(&connection) {
            known.rights = rights;
        }
        state.tell_connection(now_ms, connection);
    }

    /// The owner disconnects the bot, or connects it again; the bot is told.
    pub fn enable_business(&self, connection: ConnectionId, enabled: bool) {
        let now_ms = self.now_ms();
        let mut state = self.state();
        if let Some(known) = state.connections.get_mut(&connection) {
            known.enabled = enabled;
        }
        state.tell_connection(now_ms, connection);
    }

    /// The account's chat with a customer. Both may [`World::say`] in it: what the owner says tells the bot
    /// that a person took over.
    pub fn business_chat(&self, connection: ConnectionId, customer: UserId) -> Place {
        Place::Business {
            connection,
            customer,
        }
    }
}

impl State {
    fn tell_connection(&mut self, now_ms: i64, id: ConnectionId) {
        let Some(connection) = self.connections.get(&id) else {
            return;
        };
        let bot = connection.bot;
        let body = self.connection_json(connection);
        self.push(now_ms, bot, "business_connection", body);
    }
}
