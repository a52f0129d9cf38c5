//! The nouns of ChatAI and the rules that are true without any input or output.
//!
//! Owns: ids, time as plain numbers, the words the whole program shares (Workspace, Member, Assistant,
//! Document, Block, Passage, Conversation, Message, Answer, Citation, Event, Job), and pure rules.
//! Not here: reading a clock, making ids, SQL, HTTP, models. Time and ids are passed in.

pub mod answer;
pub mod assistant;
pub mod audit;
pub mod bot;
pub mod contact_details;
pub mod conversation;
pub mod delivery;
pub mod device;
pub mod document;
pub mod event;
pub mod following;
pub mod forbidden;
pub mod handoff;
pub mod hours;
pub mod id;
pub mod inbox;
pub mod job;
pub mod language;
pub mod member;
pub mod money;
pub mod qa;
pub mod scope;
pub mod sentence;
pub mod sound;
pub mod team;
pub mod time;
pub mod trace;
pub mod wants_person;
pub mod words;
