//! What the binary tells the router about the place it stands in.

use std::sync::Arc;

use app::demo::Demo;

/// Listeners of events and streamed answers at once, unless told otherwise (reliability.md R17).
pub const DEFAULT_LISTENERS: usize = 10_000;

/// Where the server stands and what it may be called.
#[derive(Clone)]
pub struct ApiConfig {
    /// Names the server answers to: `localhost` (any port) or `localhost:8080` (that port only). Names of
    /// other places are refused before routing, or a page elsewhere could point its own name here.
    pub hosts: Vec<String>,
    /// The address people use from outside, as `https://help.example.com`: its host is allowed too, and over
    /// `https` cookies are `Secure`.
    pub public_url: Option<String>,
    /// Tells the cookies of several installations on one computer apart; letters and digits are used.
    pub instance: String,
    /// Who is believed about a caller's address.
    pub addresses: Addresses,
    /// Listeners of events and streamed answers at once; more are told to come back.
    pub listeners: usize,
    /// The demo company, for one-click loading.
    pub demo: Arc<Demo>,
}

/// Who is believed about a caller's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addresses {
    /// The connection itself.
    Connection,
    /// The last entry of `X-Forwarded-For`: a reverse proxy of ours stands in front.
    ReverseProxy,
}
