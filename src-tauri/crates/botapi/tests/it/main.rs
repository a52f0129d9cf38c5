//! The fake behaves as Telegram's own server.
