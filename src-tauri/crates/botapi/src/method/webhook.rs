//! Webhooks: where updates are to be delivered (A8). The fake says what to deliver; it has no HTTP client.

use serde_json::{Map, Value, json};

use crate::failure::{Failure, Outcome};
use crate::state::Webhook;

use super::Request;
use super::updates;

/// The ports the server delivers to (A8).
const PORTS: [&str; 4] = ["443", "80", "88", "8443"];

pub(super) fn set(request: &mut Request<'_>) -> Outcome {
    let url = request.parameters.text("url");
    if url.is_empty() {
        return delete(request);
    }
    let host = url
        .strip_prefix("https://")
        .ok_or_else(|| Failure::bad("bad webhook: an HTTPS URL must be provided for webhook"))?;
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let port = host.rsplit_once(':').map_or("443", |(_, port)| port);
    if !PORTS.contains(&port) {
        return Err(Failure::bad(
            "bad webhook: webhook can be set up only on ports 80, 88, 443 or 8443",
        ));
    }
    let secret = request.parameters.text("secret_token");
    let good = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    if secret.len() > 256 {
        return Err(Failure::bad("secret token is too long"));
    }
    if !secret.chars().all(good) {
        return Err(Failure::bad("secret token contains unallowed characters"));
    }
    let connections = request
        .parameters
        .number_of("max_connections")
        .unwrap_or(40);
    let address = request.parameters.text("ip_address");
    let allowed = request
        .parameters
        .json("allowed_updates", "allowed_updates")?;
    let drop = request.parameters.flag("drop_pending_updates");
    let account = request.account()?;
    if let Some(Value::Array(kinds)) = allowed {
        updates::remember(&mut account.allowed, &kinds);
    }
    if drop {
        account.queue.clear();
    }
    account.webhook = Some(Webhook {
        url,
        secret,
        max_connections: i64::clamp(connections, 1, 100),
        ip_address: (!address.is_empty()).then_some(address),
        last_error: None,
        next_try_ms: 0,
    });
    // A poll that waits ends with a conflict (T6).
    account.signal.send_modify(|count| *count += 1);
    Ok(json!(true))
}

pub(super) fn delete(request: &mut Request<'_>) -> Outcome {
    let drop = request.parameters.flag("drop_pending_updates");
    let account = request.account()?;
    account.webhook = None;
    if drop {
        account.queue.clear();
    }
    Ok(json!(true))
}

pub(super) fn info(request: &mut Request<'_>) -> Outcome {
    let pending = updates::pending(request.state, request.now_ms, request.bot);
    let account = request.account()?;
    let mut info = Map::new();
    let url = account
        .webhook
        .as_ref()
        .map_or("", |webhook| webhook.url.as_str());
    info.insert("url".into(), json!(url));
    info.insert("has_custom_certificate".into(), json!(false));
    info.insert("pending_update_count".into(), pending);
    if let Some(webhook) = &account.webhook {
        if let Some(address) = &webhook.ip_address {
            info.insert("ip_address".into(), json!(address));
        }
        if let Some((at_ms, words)) = &webhook.last_error {
            info.insert("last_error_date".into(), json!(at_ms / 1000));
            info.insert("last_error_message".into(), json!(words));
        }
        info.insert("max_connections".into(), json!(webhook.max_connections));
    }
    if let Some(kinds) = &account.allowed {
        info.insert("allowed_updates".into(), json!(kinds));
    }
    Ok(Value::Object(info))
}
