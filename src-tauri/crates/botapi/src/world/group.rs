//! Groups: making them, who is in them, topics, and becoming a supergroup (T16, T17, T20).

use std::collections::BTreeMap;

use serde_json::{Map, json};

use crate::id::{Author, BotId, Place, TopicId, UserId};
use crate::message::Content;
use crate::state::{Group, Rank, State, Topic, Writing};

use super::World;

/// A group to be made.
#[derive(Debug, Clone)]
pub struct GroupSetup {
    title: String,
    supergroup: bool,
    forum: bool,
}

impl GroupSetup {
    /// A basic group.
    pub fn new(title: &str) -> GroupSetup {
        GroupSetup {
            title: title.to_owned(),
            supergroup: false,
            forum: false,
        }
    }

    /// A supergroup.
    #[must_use]
    pub fn supergroup(mut self) -> GroupSetup {
        self.supergroup = true;
        self
    }

    /// A supergroup with topics.
    #[must_use]
    pub fn forum(mut self) -> GroupSetup {
        self.supergroup = true;
        self.forum = true;
        self
    }
}

impl World {
    /// A person makes a group.
    pub fn add_group(&self, creator: UserId, setup: GroupSetup) -> Place {
        let mut state = self.state();
        let number = state.next_number();
        // The ranges are the real ones: programs tell the kinds apart by them.
        let id = match setup.supergroup {
            true => -1_002_000_000_000 - number,
            false => -4_000_000_000 - number,
        };
        let group = Group {
            id,
            title: setup.title,
            supergroup: setup.supergroup,
            forum: setup.forum,
            migrated_to: None,
            members: BTreeMap::from([(Author::User(creator), Rank::Creator)]),
        };
        state.groups.insert(id, group);
        Place::Group(id)
    }

    /// A person comes into a group.
    pub fn join(&self, place: Place, user: UserId) {
        self.set_member(place, Author::User(user), user, Rank::Member);
    }

    /// Somebody's rank changes. Bots that run the group are told if they asked for `chat_member`.
    pub fn set_rank(&self, place: Place, user: UserId, rank: Rank, by: UserId) {
        self.set_member(place, Author::User(user), by, rank);
    }

    /// A person adds a bot to a group, or changes its rank there, or sends it away ([`Rank::Kicked`]); the bot
    /// is told.
    pub fn set_bot_rank(&self, place: Place, bot: BotId, rank: Rank, by: UserId) {
        self.set_member(place, Author::Bot(bot), by, rank);
    }

    /// A person makes a topic.
    pub fn user_opens_topic(&self, place: Place, user: UserId, name: &str) -> TopicId {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let topic = state.open_topic(now_ms, place, Author::User(user), name, 7_322_096);
        drop(state);
        self.changed();
        topic
    }

    /// A person deletes a topic with all in it. Bots are not told (T17). Whether it was there.
    pub fn user_deletes_topic(&self, place: Place, topic: TopicId) -> bool {
        let deleted = self.state().delete_topic(place, topic);
        self.changed();
        deleted
    }

    /// The group becomes a supergroup: a new number, and two service messages, one in each (T16). With
    /// `forum` it gets topics at once.
    pub fn migrate(&self, place: Place, forum: bool) -> Place {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let Place::Group(old) = place else {
            return place;
        };
        let new = -1_002_000_000_000 - state.next_number();
        let Some(group) = state.groups.get_mut(&old) else {
            return place;
        };
        let mut migrated = group.clone();
        group.migrated_to = Some(new);
        migrated.id = new;
        migrated.supergroup = true;
        migrated.forum = forum || migrated.forum;
        let creator = migrated
            .members
            .iter()
            .find(|(_, rank)| **rank == Rank::Creator);
        let creator = creator.map_or(Author::User(UserId(0)), |(who, _)| *who);
        state.groups.insert(new, migrated);
        let to = json!(new);
        state.write_service(now_ms, place, creator, None, "migrate_to_chat_id", to);
        let there = Place::Group(new);
        let from = json!(old);
        state.write_service(now_ms, there, creator, None, "migrate_from_chat_id", from);
        drop(state);
        self.changed();
        there
    }

    fn set_member(&self, place: Place, who: Author, by: UserId, rank: Rank) {
        let now_ms = self.now_ms();
        self.state().set_member(now_ms, place, who, by, rank);
        self.changed();
    }
}

impl State {
    pub(crate) fn set_member(
        &mut self,
        now_ms: i64,
        place: Place,
        who: Author,
        by: UserId,
        rank: Rank,
    ) {
        let Place::Group(id) = place else { return };
        let Some(group) = self.groups.get_mut(&id) else {
            return;
        };
        let old = group.rank(who);
        if old == rank {
            return;
        }
        group.members.insert(who, rank);
        let turn = (self.member_json(who, old), self.member_json(who, rank));
        match who {
            Author::Bot(bot) => self.tell_rank(now_ms, place, bot, by, turn),
            _ => self.tell_member(now_ms, place, by, turn),
        }
        let member = self.author_json(who);
        if rank.present() && !old.present() {
            let members = json!([member]);
            self.write_service(
                now_ms,
                place,
                Author::User(by),
                None,
                "new_chat_members",
                members,
            );
        } else if !rank.present() && old.present() {
            self.write_service(
                now_ms,
                place,
                Author::User(by),
                None,
                "left_chat_member",
                member,
            );
        }
    }

    fn tell_member(
        &mut self,
        now_ms: i64,
        place: Place,
        by: UserId,
        (old, new): (serde_json::Value, serde_json::Value),
    ) {
        let Place::Group(id) = place else { return };
        let members = self.groups.get(&id).map(|group| group.members.clone());
        for (who, rank) in members.unwrap_or_default() {
            let Author::Bot(bot) = who else { continue };
            if !rank.runs_it() {
                continue;
            }
            let body = json!({
                "chat": self.chat_json(bot, place),
                "from": self.user_json(by),
                "date": now_ms / 1000,
                "old_chat_member": old,
                "new_chat_member": new,
            });
            self.push(now_ms, bot, "chat_member", body);
        }
    }

    /// The topic's number is the number of the message that tells of it.
    pub(crate) fn open_topic(
        &mut self,
        now_ms: i64,
        place: Place,
        by: Author,
        name: &str,
        icon_color: i64,
    ) -> TopicId {
        let topic = TopicId(self.room(place).last_id + 1);
        let mut fields = Map::new();
        let made = json!({"name": name, "icon_color": icon_color});
        fields.insert("forum_topic_created".into(), made);
        let mut writing = Writing::new(place, by, Content::Service(fields));
        writing.topic = Some(topic);
        let message = self.write(now_ms, writing);
        let made = Topic {
            name: name.to_owned(),
            closed: false,
            icon_color,
        };
        self.room(place).topics.insert(topic, made);
        self.tell(now_ms, &message, "message");
        topic
    }

    pub(crate) fn delete_topic(&mut self, place: Place, topic: TopicId) -> bool {
        let room = self.room(place);
        let known = room.topics.remove(&topic).is_some();
        if known {
            room.messages
                .retain(|_, message| message.topic != Some(topic));
        }
        known
    }
}
