//! Telegram as the app's channel: who a token belongs to, what is set there, and files.

use std::time::Instant;

use app::channel::{Account, Channel, FetchError, StaffRights, Webhook};
use domain::bot::{Bot, BotSettings, Trouble};
use domain::conversation::{ChannelKind, MAX_ATTACHMENT};
use domain::time::Timestamp;
use futures_util::future::BoxFuture;
use net::Net;
use serde::Deserialize;
use serde_json::json;

use crate::client::{CallError, Line};
use crate::poll::get_me;
use crate::trouble::Cause;

/// The way to Telegram.
#[derive(Clone)]
pub struct Telegram {
    net: Net,
    server: String,
}

impl Telegram {
    /// By way of `net`, at `server` for bots that name none of their own.
    pub fn new(net: Net, server: &str) -> Telegram {
        Telegram {
            net,
            server: server.to_owned(),
        }
    }

    async fn look(&self, token: &str, settings: &BotSettings) -> Result<Account, Trouble> {
        let line = Line::new(&self.net, settings, &self.server, token)?;
        if line.is_forbidden() {
            return Err(Trouble::LocalOnly);
        }
        let began = Instant::now();
        let account = get_me(&line).await.map_err(trouble)?;
        let took_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        #[derive(Deserialize)]
        struct Info {
            #[serde(default)]
            url: String,
            #[serde(default)]
            pending_update_count: u32,
            #[serde(default)]
            last_error_message: String,
        }
        let info: Info = line
            .call("getWebhookInfo", &json!({}))
            .await
            .map_err(trouble)?;
        let host = info.url.split("://").nth(1).unwrap_or_default();
        let webhook = (!info.url.is_empty()).then(|| Webhook {
            host: host.split('/').next().unwrap_or_default().to_owned(),
            last_error: info.last_error_message,
        });
        let staff = match settings.staff_chat {
            0 => None,
            chat => Some(staff_rights(&line, chat, account.id).await?),
        };
        Ok(Account {
            account,
            webhook,
            waiting: info.pending_update_count,
            time: None,
            took_ms,
            staff,
        })
    }

    async fn file(&self, bot: &Bot, token: &str, remote: &str) -> Result<Vec<u8>, FetchError> {
        let later = |what: &dyn std::fmt::Display| FetchError::Later(what.to_string());
        let line = Line::new(&self.net, &bot.settings, &self.server, token)
            .map_err(|_| FetchError::Later("the bot's address cannot be used".to_owned()))?;
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            file_path: Option<String>,
            #[serde(default)]
            file_size: Option<u64>,
        }
        let file: File = match line.call("getFile", &json!({"file_id": remote})).await {
            Ok(file) => file,
            Err(error) => {
                return Err(match error.cause() {
                    Some(Cause::TooBig) => FetchError::TooLarge,
                    Some(Cause::FileGone) => FetchError::Gone,
                    _ => later(&error),
                });
            }
        };
        if file.file_size.is_some_and(|size| size > MAX_ATTACHMENT) {
            return Err(FetchError::TooLarge);
        }
        let Some(path) = file.file_path else {
            return Err(FetchError::Gone);
        };
        let limit = usize::try_from(MAX_ATTACHMENT).unwrap_or(usize::MAX);
        line.file(&path, limit).await.map_err(|error| match error {
            CallError::Refused(failure) if failure.status == 404 => FetchError::Gone,
            error => later(&error),
        })
    }
}

impl Channel for Telegram {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Telegram
    }

    fn look_up<'a>(
        &'a self,
        token: &'a str,
        settings: &'a BotSettings,
    ) -> BoxFuture<'a, Result<Account, Trouble>> {
        Box::pin(self.look(token, settings))
    }

    fn fetch<'a>(
        &'a self,
        bot: &'a Bot,
        token: &'a str,
        remote_file: &'a str,
    ) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(self.file(bot, token, remote_file))
    }
}

/// What the bot may do in its staff group. A group it is not in is no trouble of the bot's.
async fn staff_rights(line: &Line, chat: i64, me: i64) -> Result<StaffRights, Trouble> {
    #[derive(Deserialize)]
    struct Chat {
        #[serde(default)]
        is_forum: bool,
    }
    #[derive(Deserialize)]
    struct Member {
        #[serde(default)]
        status: String,
        #[serde(default)]
        can_manage_topics: bool,
    }
    let group: Result<Chat, CallError> = line.call("getChat", &json!({"chat_id": chat})).await;
    let group = match group {
        Ok(group) => group,
        Err(CallError::Refused(_)) => return Ok(StaffRights::default()),
        Err(error) => return Err(trouble(error)),
    };
    let member = line
        .call::<Member>("getChatMember", &json!({"chat_id": chat, "user_id": me}))
        .await;
    let (status, manages_topics) = match member {
        Ok(member) => (member.status, member.can_manage_topics),
        Err(CallError::Refused(_)) => (String::new(), false),
        Err(error) => return Err(trouble(error)),
    };
    Ok(StaffRights {
        is_there: matches!(
            status.as_str(),
            "creator" | "administrator" | "member" | "restricted"
        ),
        has_topics: group.is_forum,
        manages_topics: status == "creator" || manages_topics,
    })
}

fn trouble(error: CallError) -> Trouble {
    let told = error
        .cause()
        .and_then(|cause| cause.trouble(Timestamp(0)))
        .filter(|trouble| !matches!(trouble, Trouble::Limited { .. }));
    told.unwrap_or_else(|| Trouble::Unreachable {
        what: error.to_string(),
    })
}
