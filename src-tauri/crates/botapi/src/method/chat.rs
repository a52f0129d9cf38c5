//! Chats and who is in them.

use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::id::{Author, BotId, Place, UserId};
use crate::state::{Group, Rank};

use super::Request;

pub(super) fn get(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let mut chat = request.state.chat_json(request.bot, place);
    chat["accent_color_id"] = json!(place.chat_id().rem_euclid(7));
    chat["max_reaction_count"] = json!(11);
    chat["accepted_gift_types"] = json!({
        "unlimited_gifts": true,
        "limited_gifts": true,
        "unique_gifts": true,
        "premium_subscription": true,
        "gifts_from_channels": true,
    });
    if let Place::Group(_) = place {
        chat["permissions"] = json!({
            "can_send_messages": true,
            "can_send_audios": true,
            "can_send_documents": true,
            "can_send_photos": true,
            "can_send_videos": true,
            "can_send_video_notes": true,
            "can_send_voice_notes": true,
            "can_send_polls": true,
            "can_send_other_messages": true,
            "can_add_web_page_previews": true,
            "can_change_info": false,
            "can_invite_users": true,
            "can_pin_messages": false,
            "can_manage_topics": false,
        });
    }
    Ok(chat)
}

pub(super) fn member(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let who = who(request)?;
    let rank = match place {
        Place::Group(_) => group(request, place)?.rank(who),
        Place::Private { user, .. } if who == Author::User(user) => Rank::Member,
        _ if who == Author::Bot(request.bot) => Rank::Member,
        _ => return Err(Failure::bad("member not found")),
    };
    Ok(request.state.member_json(who, rank))
}

pub(super) fn count(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let count = match place {
        Place::Group(_) => {
            let members = group(request, place)?.members.values();
            members.filter(|rank| rank.present()).count()
        }
        _ => 2,
    };
    Ok(json!(count))
}

pub(super) fn administrators(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    if !matches!(place, Place::Group(_)) {
        return Err(Failure::bad(
            "there are no administrators in the private chat",
        ));
    }
    let group = group(request, place)?;
    // Other bots are left out (getChatAdministrators).
    let running = group.members.iter().filter(|(who, rank)| {
        let other_bot = matches!(who, Author::Bot(bot) if *bot != request.bot);
        rank.runs_it() && !other_bot
    });
    let running = running.map(|(who, rank)| request.state.member_json(*who, *rank));
    Ok(Value::Array(running.collect()))
}

pub(super) fn ban(request: &mut Request<'_>) -> Outcome {
    change(request, Rank::Kicked)
}

pub(super) fn unban(request: &mut Request<'_>) -> Outcome {
    change(request, Rank::Left)
}

pub(super) fn leave(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let bot = request.bot;
    if !matches!(place, Place::Group(_)) {
        return Err(Failure::bad("chat not found"));
    }
    let by = UserId(bot.0);
    let now_ms = request.now_ms;
    request
        .state
        .set_member(now_ms, place, Author::Bot(bot), by, Rank::Left);
    *request.changed = true;
    Ok(json!(true))
}

fn change(request: &mut Request<'_>, to: Rank) -> Outcome {
    let place = request.place()?;
    let who = who(request)?;
    let group = group(request, place)?;
    if !group.rank(Author::Bot(request.bot)).runs_it() {
        return Err(Failure::bad(
            "not enough rights to restrict/unrestrict chat member",
        ));
    }
    let rank = group.rank(who);
    if rank == Rank::Creator {
        return Err(Failure::bad("can't remove chat owner"));
    }
    if rank.runs_it() {
        return Err(Failure::bad("user is an administrator of the chat"));
    }
    let by = UserId(request.bot.0);
    let now_ms = request.now_ms;
    request.state.set_member(now_ms, place, who, by, to);
    *request.changed = true;
    Ok(json!(true))
}

fn group<'a>(request: &'a Request<'_>, place: Place) -> Result<&'a Group, Failure> {
    let group = match place {
        Place::Group(id) => request.state.groups.get(&id),
        _ => None,
    };
    group.ok_or_else(|| Failure::bad("method is available for supergroup and channel chats only"))
}

fn who(request: &Request<'_>) -> Result<Author, Failure> {
    let id = request.parameters.number("user_id");
    if request.state.bots.contains_key(&BotId(id)) {
        return Ok(Author::Bot(BotId(id)));
    }
    match request.state.users.contains_key(&UserId(id)) {
        true => Ok(Author::User(UserId(id))),
        false => Err(Failure::bad("PARTICIPANT_ID_INVALID")),
    }
}
