//! Routes, and what the contract says of them. To describe every operation takes a megabyte of code, which the program
//! has no use for: it carries the finished document (`ui/src/api/openapi.json`), and only this room's own test gathers
//! the descriptions, to see that the document is theirs.

use std::borrow::Cow;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::MethodRouter;
use flate2::read::GzDecoder;
use utoipa::Path;
use utoipa_axum::PathItemExt;

use crate::state::Api;

/// The finished document, as gzip packed it when the program was built.
pub const CONTRACT: Cow<'static, [u8]> =
    Cow::Borrowed(include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz")));

/// The finished document.
pub fn contract() -> String {
    std::io::read_to_string(GzDecoder::new(&*CONTRACT)).expect("it was packed by this room's build")
}

/// The routes of a group, or of the whole API.
#[derive(Default)]
pub struct Routes {
    router: Router<Api>,
    /// What is said of them.
    #[cfg(test)]
    pub said: Vec<Said>,
}

/// One address and what is done there.
#[derive(Default)]
pub struct Route {
    path: String,
    deeds: MethodRouter<Api>,
    #[cfg(test)]
    said: Vec<Said>,
}

/// What the contract says of a handler.
#[cfg(test)]
pub struct Said {
    /// Where and how it is asked.
    pub path: String,
    /// The methods it answers to.
    pub methods: Vec<utoipa::openapi::HttpMethod>,
    /// What it does, takes and gives.
    pub operation: utoipa::openapi::path::Operation,
    /// The shapes that this names.
    pub schemas: Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
}

/// The route of handlers of one address, each marked with `#[utoipa::path]`.
macro_rules! routes {
    ($($handler:ident),+ $(,)?) => {{
        let route = $crate::routing::Route::default();
        $(let route = utoipa_axum::paste! { route.with::<[<__path_ $handler>], _, _>($handler) };)+
        route
    }};
}
pub(crate) use routes;

/// What a handler's description can be asked for: where the handler stands, and in this room's test all the rest.
#[cfg(not(test))]
pub trait Described: Path {}
#[cfg(not(test))]
impl<P: Path> Described for P {}
/// What a handler's description can be asked for.
#[cfg(test)]
pub trait Described: Path + utoipa::__dev::Tags<'static> + utoipa::__dev::SchemaReferences {}
#[cfg(test)]
impl<P: Path + utoipa::__dev::Tags<'static> + utoipa::__dev::SchemaReferences> Described for P {}

impl Route {
    /// The same with a handler that is described by `P`, for the address that stands there.
    pub fn with<P: Described, H: Handler<T, Api>, T: 'static>(mut self, handler: H) -> Route {
        for method in P::methods() {
            self.deeds = self.deeds.on(method.to_method_filter(), handler.clone());
        }
        self.path = P::path();
        #[cfg(test)]
        self.said.push(said::<P>());
        self
    }

    /// The same with another limit for what is sent there.
    pub fn layer(mut self, limit: DefaultBodyLimit) -> Route {
        self.deeds = self.deeds.layer(limit);
        self
    }
}

impl Routes {
    /// None.
    pub fn new() -> Routes {
        Routes::default()
    }

    /// These and one more.
    pub fn routes(mut self, route: Route) -> Routes {
        self.router = self.router.route(&route.path, route.deeds);
        #[cfg(test)]
        self.said.extend(route.said);
        self
    }

    /// These and those of another group.
    pub fn merge(mut self, others: Routes) -> Routes {
        self.router = self.router.merge(others.router);
        #[cfg(test)]
        self.said.extend(others.said);
        self
    }

    /// As the server uses them.
    pub fn into_router(self) -> Router<Api> {
        self.router
    }
}

#[cfg(test)]
fn said<P: Described>() -> Said {
    let mut operation = P::operation();
    let tags = P::tags();
    if !tags.is_empty() {
        let all = operation.tags.get_or_insert_default();
        all.extend(tags.iter().map(ToString::to_string));
    }
    let mut schemas = Vec::new();
    P::schemas(&mut schemas);
    Said {
        path: P::path(),
        methods: P::methods(),
        operation,
        schemas,
    }
}
