//! Native notifications: beside the clock, in the system's own way. On Linux a click is heard; elsewhere it only
//! brings the notification away (not tested there).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use notify_rust::Notification;

/// Notifications whose click is waited for at once; a few more are shown without.
const WAITING: usize = 8;

static WAITED_FOR: AtomicUsize = AtomicUsize::new(0);

/// Says something; false when there is nobody who shows it. Waits for another program: not on the window's thread.
pub fn say(title: &str, text: &str) -> bool {
    match notification(title, text).show() {
        Ok(_) => true,
        Err(error) => {
            tracing::info!(%error, "there is nobody who shows notifications");
            false
        }
    }
}

/// Says something that can be clicked, on a thread of its own; `open` says what a click does.
pub fn say_and_open(
    title: &str,
    text: &str,
    open: &'static str,
    clicked: impl FnOnce() + Send + 'static,
) {
    let notification = notification(title, text);
    let spawned = thread::Builder::new()
        .name("notification".to_owned())
        .spawn(move || shown(notification, open, clicked));
    if let Err(error) = spawned {
        tracing::warn!(%error, "a notification could not be shown");
    }
}

fn notification(title: &str, text: &str) -> Notification {
    let mut notification = Notification::new();
    notification
        .appname("ChatAI")
        .icon("chatai")
        .summary(title)
        .body(&plain(text));
    notification
}

#[cfg(all(unix, not(target_os = "macos")))]
fn shown(mut notification: Notification, open: &str, clicked: impl FnOnce()) {
    let handle = match notification.action("default", open).show() {
        Ok(handle) => handle,
        Err(error) => {
            tracing::info!(%error, "there is nobody who shows notifications");
            return;
        }
    };
    if WAITED_FOR.fetch_add(1, Ordering::Relaxed) < WAITING {
        let mut was_clicked = false;
        handle.wait_for_action(|action| was_clicked = action == "default");
        if was_clicked {
            clicked();
        }
    }
    WAITED_FOR.fetch_sub(1, Ordering::Relaxed);
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn shown(notification: Notification, _: &str, _: impl FnOnce()) {
    let _ = (WAITING, WAITED_FOR.load(Ordering::Relaxed));
    if let Err(error) = notification.show() {
        tracing::info!(%error, "there is nobody who shows notifications");
    }
}

/// Some systems read a little HTML in notifications: what people typed is none.
fn plain(text: &str) -> String {
    match cfg!(all(unix, not(target_os = "macos"))) {
        true => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
        false => text.to_owned(),
    }
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn a_customers_name_is_never_markup() {
        assert_eq!(
            plain("<b>Anna</b> & co"),
            "&lt;b&gt;Anna&lt;/b&gt; &amp; co"
        );
    }
}
