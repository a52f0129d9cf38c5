//! The bot's own account.

use serde_json::{Map, json};

use crate::failure::{Failure, Outcome};

use super::Request;

/// Who logged out of the cloud must stay away for ten minutes (logOut).
const AWAY_MS: i64 = 10 * 60 * 1000;

pub(super) fn get_me(request: &mut Request<'_>) -> Outcome {
    let mut me = request.state.bot_json(request.bot);
    let account = request.account()?;
    me["can_join_groups"] = json!(true);
    me["can_read_all_group_messages"] = json!(!account.privacy);
    me["supports_inline_queries"] = json!(false);
    me["can_connect_to_business"] = json!(account.in_business);
    me["has_main_web_app"] = json!(false);
    me["has_topics_enabled"] = json!(account.private_topics);
    me["allows_users_to_create_topics"] = json!(false);
    Ok(me)
}

pub(super) fn log_out(request: &mut Request<'_>) -> Outcome {
    let until_ms = request.now_ms + AWAY_MS;
    let account = request.account()?;
    account.logged_out_until_ms = Some(until_ms);
    account.signal.send_modify(|count| *count += 1);
    Ok(json!(true))
}

/// The bot's instance ends; its next call starts it again. A waiting poll ends.
pub(super) fn close(request: &mut Request<'_>) -> Outcome {
    let account = request.account()?;
    account.poll.ticket += 1;
    account.poll.waits = false;
    account.signal.send_modify(|count| *count += 1);
    Ok(json!(true))
}

pub(super) fn set_text(request: &mut Request<'_>, what: &'static str, most: usize) -> Outcome {
    let text = request.parameters.text(what);
    if crate::entity::units(&text) > most {
        return Err(Failure::bad(format!("{what} is too long")));
    }
    let language = request.parameters.text("language_code");
    let account = request.account()?;
    if what == "name" && language.is_empty() && !text.is_empty() {
        account.name = text.clone();
    }
    account.texts.insert((what, language), text);
    Ok(json!(true))
}

/// What is set for the language, or else for all.
pub(super) fn get_text(request: &mut Request<'_>, what: &'static str) -> Outcome {
    let language = request.parameters.text("language_code");
    let account = request.account()?;
    let own = account.texts.get(&(what, language));
    let own = own.filter(|text| !text.is_empty());
    let text = own.or_else(|| account.texts.get(&(what, String::new())));
    let text = match (text, what) {
        (None, "name") => account.name.clone(),
        (text, _) => text.cloned().unwrap_or_default(),
    };
    let mut answer = Map::new();
    answer.insert(what.to_owned(), json!(text));
    Ok(answer.into())
}
