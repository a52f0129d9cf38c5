//! What changes in a chat: who is in it, its topics, its id.

use domain::delivery::ChatKind;
use serde_json::Value;

use super::field::{integer, is_there, is_true, moment, name, sender, text};
use super::message::{kind_of_chat, thread};
use super::{Membership, MembershipChange, Reason, TopicChange, What};

pub(super) fn membership(value: &Value) -> Option<What> {
    let chat = &value["chat"];
    if text(&chat["type"]) == "channel" {
        return Some(What::Ignored(Reason::ChannelPost));
    }
    let kind = kind_of_chat(chat)?;
    let (old, new) = (&value["old_chat_member"], &value["new_chat_member"]);
    let change = match (kind, is_in(old), is_in(new)) {
        (ChatKind::Private | ChatKind::Business, _, true) => MembershipChange::Unblocked,
        (ChatKind::Private | ChatKind::Business, _, false) => MembershipChange::Blocked,
        (ChatKind::Group, _, false) => MembershipChange::LeftGroup,
        (ChatKind::Group, was_in, true) => MembershipChange::InGroup {
            is_new: !was_in,
            is_admin: matches!(text(&new["status"]), "administrator" | "creator"),
            can_manage_topics: is_true(&new["can_manage_topics"]),
            is_muted: text(&new["status"]) == "restricted"
                && new["can_send_messages"].as_bool() == Some(false),
        },
    };
    Some(What::Membership(Membership {
        chat: integer(&chat["id"])?,
        kind,
        title: name(&[text(&chat["title"])]),
        by: sender(&value["from"])?,
        change,
        at: moment(&value["date"]),
    }))
}

fn is_in(member: &Value) -> bool {
    match text(&member["status"]) {
        "creator" | "administrator" | "member" => true,
        "restricted" => is_true(&member["is_member"]),
        _ => false,
    }
}

/// What a message tells of its chat, when it is no message of anybody.
pub(super) fn service(value: &Value) -> Option<What> {
    let chat = integer(&value["chat"]["id"])?;
    if let Some(to) = integer(&value["migrate_to_chat_id"]) {
        return Some(What::Migrated { from: chat, to });
    }
    if let Some(from) = integer(&value["migrate_from_chat_id"]) {
        return Some(What::Migrated { from, to: chat });
    }
    let topic = [
        ("forum_topic_created", TopicChange::Created),
        ("forum_topic_closed", TopicChange::Closed),
        ("forum_topic_reopened", TopicChange::Reopened),
        ("forum_topic_edited", TopicChange::Changed),
    ]
    .into_iter()
    .find(|(field, _)| is_there(&value[*field]));
    if let Some((_, change)) = topic {
        return Some(What::Topic {
            chat,
            thread: thread(value),
            by: sender(&value["from"]).unwrap_or_default(),
            change,
        });
    }
    let field = SERVICE.iter().find(|field| is_there(&value[**field]))?;
    Some(What::Ignored(Reason::Service(field)))
}

/// Fields of messages that nobody wrote.
const SERVICE: &[&str] = &[
    "new_chat_members",
    "left_chat_member",
    "chat_owner_left",
    "chat_owner_changed",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "pinned_message",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "gift",
    "unique_gift",
    "gift_upgrade_sent",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "direct_message_price_changed",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway_completed",
    "managed_bot_created",
    "paid_message_price_changed",
    "poll_option_added",
    "poll_option_deleted",
    "suggested_post_approved",
    "suggested_post_approval_failed",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "web_app_data",
];
