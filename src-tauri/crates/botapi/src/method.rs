//! The Bot API's methods: who calls, about which chat, what may be spent; the methods are in the files beside.

mod business;
mod chat;
mod commands;
mod draft;
mod edit;
mod file;
mod me;
mod media;
mod send;
mod topic;
pub(crate) mod updates;
mod webhook;

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::flood::Spend;
use crate::id::{Author, BotId, ConnectionId, MessageId, Place, UserId};
use crate::message::Message;
use crate::parameters::Parameters;
use crate::queue::DAY_MS;
use crate::state::{Account, Connection, Group, Rank, State};

/// One call being carried out.
pub(crate) struct Request<'a> {
    pub state: &'a mut State,
    pub now_ms: i64,
    pub bot: BotId,
    pub parameters: &'a Parameters,
    /// Whether a person could see something change.
    pub changed: &'a mut bool,
}

/// The bot of a token (T15): what cannot be a token is not found, what opens nothing is unauthorized.
pub(crate) fn account(state: &State, now_ms: i64, token: &str) -> Result<BotId, Failure> {
    let parts = token.split_once(':');
    let shaped = parts.is_some_and(|(id, secret)| {
        id.parse::<i64>().is_ok_and(|id| id > 0)
            && secret.len() >= 24
            && secret
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
    });
    if !shaped {
        return Err(Failure::not_found());
    }
    let bot = state.tokens.get(token).ok_or_else(Failure::unauthorized)?;
    let away = state
        .bots
        .get(bot)
        .and_then(|account| account.logged_out_until_ms);
    match away.is_some_and(|until_ms| until_ms > now_ms) {
        true => Err(Failure::words(400, "Logged out")),
        false => Ok(*bot),
    }
}

/// Carries a call out. The server does not care for upper and lower case in a method's name.
pub(crate) fn run(request: &mut Request<'_>, method: &str) -> Outcome {
    match method {
        "getme" => me::get_me(request),
        "logout" => me::log_out(request),
        "close" => me::close(request),
        "setmyname" => me::set_text(request, "name", 64),
        "setmydescription" => me::set_text(request, "description", 512),
        "setmyshortdescription" => me::set_text(request, "short_description", 120),
        "getmyname" => me::get_text(request, "name"),
        "getmydescription" => me::get_text(request, "description"),
        "getmyshortdescription" => me::get_text(request, "short_description"),
        "setmycommands" => commands::set(request),
        "getmycommands" => commands::get(request),
        "deletemycommands" => commands::delete(request),
        "setwebhook" => webhook::set(request),
        "deletewebhook" => webhook::delete(request),
        "getwebhookinfo" => webhook::info(request),
        "sendmessage" => send::message(request),
        "sendlocation" => send::location(request),
        "sendcontact" => send::contact(request),
        "copymessage" => send::copy(request),
        "sendchataction" => send::action(request),
        "sendmessagedraft" => draft::send(request),
        "sendphoto" => media::send(request, crate::message::MediaKind::Photo),
        "senddocument" => media::send(request, crate::message::MediaKind::Document),
        "sendvoice" => media::send(request, crate::message::MediaKind::Voice),
        "sendvideo" => media::send(request, crate::message::MediaKind::Video),
        "sendaudio" => media::send(request, crate::message::MediaKind::Audio),
        "sendmediagroup" => media::send_group(request),
        "getfile" => file::get(request),
        "editmessagetext" => edit::text(request),
        "editmessagecaption" => edit::caption(request),
        "editmessagereplymarkup" => edit::markup(request),
        "deletemessage" => edit::delete(request),
        "deletemessages" => edit::delete_many(request),
        "setmessagereaction" => edit::react(request),
        "answercallbackquery" => edit::answer_callback(request),
        "createforumtopic" => topic::create(request),
        "editforumtopic" => topic::edit(request),
        "closeforumtopic" => topic::close(request, true),
        "reopenforumtopic" => topic::close(request, false),
        "deleteforumtopic" => topic::delete(request),
        "getchat" => chat::get(request),
        "getchatmember" => chat::member(request),
        "getchatmembercount" => chat::count(request),
        "getchatadministrators" => chat::administrators(request),
        "banchatmember" => chat::ban(request),
        "unbanchatmember" => chat::unban(request),
        "leavechat" => chat::leave(request),
        "getbusinessconnection" => business::get(request),
        "readbusinessmessage" => business::read(request),
        "deletebusinessmessages" => business::delete(request),
        _ => Err(Failure::words(404, "Not Found: method not found")),
    }
}

impl Request<'_> {
    pub fn account(&mut self) -> Result<&mut Account, Failure> {
        self.state
            .bots
            .get_mut(&self.bot)
            .ok_or_else(Failure::unauthorized)
    }

    /// The place of `chat_id` (and `business_connection_id`), if the bot may know it.
    pub fn place(&self) -> Result<Place, Failure> {
        let connection = self.parameters.text("business_connection_id");
        if connection.is_empty() {
            return self.place_of("chat_id");
        }
        let connection = self.connection(&connection)?;
        let customer = UserId(self.parameters.number("chat_id"));
        match self.state.users.contains_key(&customer) {
            true => Ok(Place::Business {
                connection: connection.id,
                customer,
            }),
            false => Err(Failure::bad("chat not found")),
        }
    }

    /// The place a parameter names.
    pub fn place_of(&self, name: &str) -> Result<Place, Failure> {
        let text = self.parameters.text(name);
        if text.trim().is_empty() {
            return Err(Failure::bad(format!("{name} is empty")));
        }
        let Ok(id) = text.trim().parse::<i64>() else {
            return Err(Failure::bad("chat not found"));
        };
        if id < 0 {
            let group = self.group(id)?;
            return Ok(Place::Group(group.id));
        }
        if self.state.bots.contains_key(&BotId(id)) {
            return Err(Failure::forbidden("bots can't send messages to bots"));
        }
        let user = UserId(id);
        let known = self.state.bots.get(&self.bot);
        let known = known.is_some_and(|account| account.known.contains(&user));
        if known {
            return Ok(Place::Private {
                bot: self.bot,
                user,
            });
        }
        // A person met in a group is known, but must speak first; nobody else can even be found.
        let met = self.state.groups.values().any(|group| {
            let both = [Author::User(user), Author::Bot(self.bot)];
            both.iter().all(|who| group.rank(*who).present())
        });
        match met {
            true => Err(Failure::forbidden(
                "bot can't initiate conversation with a user",
            )),
            false => Err(Failure::bad("chat not found")),
        }
    }

    /// A group the bot is in (T14, T16).
    fn group(&self, id: i64) -> Result<&Group, Failure> {
        let group = self.state.groups.get(&id);
        let group = group.ok_or_else(|| Failure::bad("chat not found"))?;
        let kind = match group.supergroup {
            true => "supergroup",
            false => "group",
        };
        let rank = group.members.get(&Author::Bot(self.bot));
        match rank {
            None => Err(Failure::bad("chat not found")),
            Some(Rank::Kicked) => Err(Failure::forbidden(&format!(
                "bot was kicked from the {kind} chat"
            ))),
            Some(Rank::Left) => Err(Failure::forbidden(&format!(
                "bot is not a member of the {kind} chat"
            ))),
            Some(_) => match group.migrated_to {
                Some(to) => Err(Failure::migrated(to)),
                None => Ok(group),
            },
        }
    }

    pub fn connection(&self, id: &str) -> Result<&Connection, Failure> {
        let connection = ConnectionId::parse(id).and_then(|id| self.state.connections.get(&id));
        let connection = connection.filter(|connection| connection.bot == self.bot);
        connection.ok_or_else(|| Failure::bad("business connection not found"))
    }

    /// Whether the bot may write there now (T14, A6).
    pub fn may_write(&self, place: Place) -> Result<(), Failure> {
        match place {
            Place::Group(_) => Ok(()),
            Place::Private { user, .. } => {
                let person = self.state.users.get(&user);
                if person.is_some_and(|person| person.gone) {
                    return Err(Failure::forbidden("user is deactivated"));
                }
                let account = self.state.bots.get(&self.bot);
                match account.is_some_and(|account| account.blocked_by.contains(&user)) {
                    true => Err(Failure::forbidden("bot was blocked by the user")),
                    false => Ok(()),
                }
            }
            Place::Business {
                connection,
                customer,
            } => {
                let connection = self.connection(&connection.to_string())?;
                let right = connection.rights.can_reply;
                self.business_right(connection, right)?;
                self.wrote_lately(connection, customer)
            }
        }
    }

    /// A right of an enabled connection (`BusinessBotRights`).
    pub fn business_right(&self, connection: &Connection, right: bool) -> Result<(), Failure> {
        if !connection.enabled {
            return Err(Failure::bad("BUSINESS_CONNECTION_INVALID"));
        }
        match right {
            true => Ok(()),
            false => Err(Failure::forbidden("BOT_ACCESS_FORBIDDEN")),
        }
    }

    /// A business chat takes a bot's word only for 24 h after the customer's last (A6; can_reply).
    pub fn wrote_lately(&self, connection: &Connection, customer: UserId) -> Result<(), Failure> {
        let last = connection.last_incoming_ms.get(&customer);
        match last.is_some_and(|last| self.now_ms - last < DAY_MS) {
            true => Ok(()),
            false => Err(Failure::bad("BUSINESS_PEER_USAGE_MISSING")),
        }
    }

    /// In whose name the bot writes there.
    pub fn author(&self, place: Place) -> Author {
        let Place::Business { connection, .. } = place else {
            return Author::Bot(self.bot);
        };
        match self.state.connections.get(&connection) {
            Some(connection) => Author::Business {
                owner: connection.owner,
                bot: self.bot,
            },
            None => Author::Bot(self.bot),
        }
    }

    /// Spends from the chat's budget, or refuses with the time to wait (T8, T9).
    pub fn spend(&mut self, place: Place, what: Spend) -> Result<(), Failure> {
        let budgets = self.state.budgets;
        let (now_ms, bot) = (self.now_ms, self.bot);
        let group = matches!(place, Place::Group(_));
        let purse = self.state.room(place).purses.entry(bot).or_default();
        purse
            .spend(&budgets, group, what, now_ms)
            .map_err(Failure::too_many)
    }

    pub fn message(&self, place: Place, id: MessageId) -> Option<&Message> {
        self.state.rooms.get(&place)?.messages.get(&id)
    }

    /// The message as the bot gets it back.
    pub fn answer(&mut self, message: &Message) -> Value {
        *self.changed = true;
        self.state.message_json(self.bot, message)
    }

    /// What the server takes and what is wrong all the same.
    pub fn note(&mut self, wrong: Vec<String>) {
        for wrong in wrong {
            self.state.violation(wrong);
        }
    }
}
