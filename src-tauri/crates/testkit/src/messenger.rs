//! A messenger set by hand: which tokens it knows, and which files it has.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use app::channel::{Account, Channel, FetchError, StaffRights};
use domain::bot::{Bot, BotAccount, BotSettings, Trouble};
use domain::conversation::ChannelKind;
use futures_util::future::BoxFuture;

/// A messenger that knows every token that begins with a number, and the files it was given.
#[derive(Default)]
pub struct HandMessenger {
    files: Mutex<HashMap<String, Result<Vec<u8>, FetchError>>>,
    trouble: Mutex<Option<Trouble>>,
}

impl HandMessenger {
    /// What happens when this file is fetched.
    pub fn has_file(&self, remote_file: &str, file: Result<Vec<u8>, FetchError>) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(remote_file.to_owned(), file);
    }

    /// From now on nobody is looked up, because of this; nothing ends it.
    pub fn has_trouble(&self, trouble: Option<Trouble>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    fn account(&self, token: &str, settings: &BotSettings) -> Result<Account, Trouble> {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trouble) = trouble.clone() {
            return Err(trouble);
        }
        let id = token.split(':').next().and_then(|id| id.parse().ok());
        let id = id.ok_or(Trouble::NeedsToken)?;
        let has_staff = settings.staff_chat != 0;
        Ok(Account {
            account: BotAccount {
                id,
                name: "Shop".to_owned(),
                username: format!("shop_{id}_bot"),
                can_join_groups: true,
                reads_all_in_groups: false,
                can_connect_to_business: true,
            },
            took_ms: 20,
            staff: has_staff.then_some(StaffRights {
                is_there: true,
                has_topics: true,
                manages_topics: true,
            }),
            ..Account::default()
        })
    }
}

impl Channel for HandMessenger {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Telegram
    }

    fn look_up<'a>(
        &'a self,
        token: &'a str,
        settings: &'a BotSettings,
    ) -> BoxFuture<'a, Result<Account, Trouble>> {
        Box::pin(async move { self.account(token, settings) })
    }

    fn fetch<'a>(
        &'a self,
        _: &'a Bot,
        _: &'a str,
        remote_file: &'a str,
    ) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async move {
            let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            files
                .get(remote_file)
                .cloned()
                .unwrap_or(Err(FetchError::Gone))
        })
    }
}
