//! Errors as `application/problem+json` (RFC 9457): the only place that knows the HTTP status of an error.
//!
//! A problem travels in the response's extensions; [`write`] gives it its body, so that every error of every
//! layer — ours, axum's, a panic — looks the same and carries the request's id. A 5xx never shows its cause.

use app::error::{Error, ErrorCode};
use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The header that carries the request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Something that could not be done, on its way out.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Option<String>,
    field: Option<&'static str>,
    retry_after: Option<u32>,
    cause: Option<String>,
}

/// An error as it is written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// What the code means.
    #[schema(example = "there is no such thing")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What went wrong, for programs.
    #[schema(example = "not_found")]
    code: &'static str,
    /// What went wrong here. Never in a 5xx.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "there is no such document")]
    detail: Option<String>,
    /// The field that is not acceptable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "email")]
    field: Option<&'static str>,
    /// The request's id, to be found in the log.
    #[schema(example = "0193513c7d4a7c21a5a1b2c3d4e5f607")]
    request_id: String,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str) -> Problem {
        Problem {
            status,
            code,
            detail: None,
            field: None,
            retry_after: None,
            cause: None,
        }
    }

    /// There is no such thing, or not in this workspace: the two look the same.
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, ErrorCode::NotFound.as_str())
    }

    /// The value of `field` is not acceptable because of `detail`.
    pub fn invalid(field: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            field: Some(field),
            ..Problem::malformed(detail)
        }
    }

    /// The request cannot be understood because of `detail`.
    pub fn malformed(detail: impl Into<String>) -> Problem {
        Problem {
            detail: Some(detail.into()),
            ..Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                ErrorCode::Invalid.as_str(),
            )
        }
    }

    /// Nobody is signed in.
    pub fn not_signed_in() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, ErrorCode::NotSignedIn.as_str())
    }

    /// The body is larger than a limit.
    pub fn too_large() -> Problem {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge.as_str())
    }

    /// There are as many listeners as there may be; try again in `seconds`.
    pub fn busy(seconds: u32) -> Problem {
        Problem {
            retry_after: Some(seconds),
            ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Busy.as_str())
        }
    }

    /// The request was sent to a name that this server does not answer to.
    pub fn foreign_host() -> Problem {
        let what = "to be called so, start it with `--public-url URL` behind a reverse proxy, or with `--host NAME`";
        Problem {
            detail: Some(what.to_owned()),
            ..Problem::new(StatusCode::MISDIRECTED_REQUEST, "foreign_host")
        }
    }

    /// A change was asked for by another site's page, or not by a page of ours.
    pub fn foreign_origin() -> Problem {
        let what = "a proxy in front has to pass on the name it was called by (Host), and the page its Origin";
        Problem {
            detail: Some(what.to_owned()),
            ..Problem::new(StatusCode::FORBIDDEN, "foreign_origin")
        }
    }

    /// A defect; `cause` goes to the log only.
    pub fn internal(cause: impl Into<String>) -> Problem {
        Problem {
            cause: Some(cause.into()),
            ..Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                ErrorCode::Internal.as_str(),
            )
        }
    }

    /// What axum or a layer refused by its own with `status`.
    pub fn of_status(status: StatusCode) -> Problem {
        match status {
            StatusCode::NOT_FOUND => Problem::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Problem::new(status, "method_not_allowed"),
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(status, "unsupported_media_type"),
            _ if status.is_client_error() => Problem::new(status, ErrorCode::Invalid.as_str()),
            _ => Problem::internal(format!("a layer answered {status}")),
        }
    }

    /// What is wrong, for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    fn body(&self, request_id: &str) -> ProblemBody {
        let server_error = self.status.is_server_error();
        ProblemBody {
            kind: "about:blank",
            title: title(self.code),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail.clone().filter(|_| !server_error),
            field: self.field,
            request_id: request_id.to_owned(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        Problem {
            detail: Some(error.what.clone()),
            field: error.field,
            retry_after: error.retry_after,
            cause: Some(chain(&error)),
            ..Problem::new(status(error.code), error.code.as_str())
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives a refused response its problem as body; others pass as they are.
pub fn write(response: Response, request_id: &str) -> Response {
    let refused = response.status().is_client_error() || response.status().is_server_error();
    if !refused {
        return response;
    }
    let known = response.extensions().get::<Problem>().cloned();
    let problem = known.unwrap_or_else(|| Problem::of_status(response.status()));
    if problem.status.is_server_error() {
        let cause = problem.cause.as_deref().unwrap_or("no cause given");
        tracing::error!(request_id, code = problem.code, cause, "a request failed");
    }
    let mut written = (problem.status, Json(problem.body(request_id))).into_response();
    let headers = written.headers_mut();
    for (name, value) in response.headers() {
        if !matches!(name.as_str(), "content-type" | "content-length") {
            headers.insert(name, value.clone());
        }
    }
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    written
}

fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Conflict
        | ErrorCode::LastOwner
        | ErrorCode::NoEngine
        | ErrorCode::NoMail
        | ErrorCode::LocalOnly
        | ErrorCode::AlreadyFollowed => StatusCode::CONFLICT,
        ErrorCode::Invalid
        | ErrorCode::BadBackup
        | ErrorCode::FolderMissing
        | ErrorCode::FolderOfSystem
        | ErrorCode::FolderIsHome
        | ErrorCode::FolderIsOwn => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::NotSignedIn => StatusCode::UNAUTHORIZED,
        // Not 401: whoever changes their password wrongly is still signed in.
        ErrorCode::Forbidden
        | ErrorCode::WrongPassword
        | ErrorCode::WrongCode
        | ErrorCode::SecondStepNeeded
        | ErrorCode::SecondStepWrong => StatusCode::FORBIDDEN,
        ErrorCode::TokenSpent => StatusCode::GONE,
        ErrorCode::Busy | ErrorCode::Damaged => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Full => StatusCode::INSUFFICIENT_STORAGE,
        ErrorCode::EngineFailed | ErrorCode::MessengerFailed => StatusCode::BAD_GATEWAY,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn title(code: &str) -> &'static str {
    match code {
        "not_found" => "there is no such thing",
        "conflict" => "it changed meanwhile or exists already",
        "invalid" => "a value is not acceptable",
        "too_large" => "larger than the limit",
        "too_many" => "too many tries",
        "not_signed_in" => "nobody is signed in",
        "forbidden" => "this needs another role",
        "wrong_password" => "e-mail or password do not fit",
        "wrong_code" => "the recovery code is of other data",
        "second_step_needed" => "a code of the second step is wanted too",
        "second_step_wrong" => "the code does not fit or was used before",
        "last_owner" => "somebody has to own the workspace",
        "bad_backup" => "the backup is damaged or of a newer version",
        "token_spent" => "the link was used or is too old",
        "already_followed" => "this address or folder is followed already",
        "folder_missing" => "there is no such folder, or it may not be read",
        "folder_of_system" => "a folder of the system, or a whole disk",
        "folder_is_home" => "a whole home folder",
        "folder_is_own" => "the program's own data lies there",
        "busy" => "too much to do at the moment",
        "full" => "the disk is full",
        "no_engine" => "no engine is set up for this",
        "no_mail" => "no mail server is set up",
        "engine_failed" => "the engine failed",
        "messenger_failed" => "the messenger could not be reached",
        "local_only" => "nothing outside this computer may be spoken to",
        "damaged" => "the data is damaged",
        "method_not_allowed" => "this cannot be done with it",
        "unsupported_media_type" => "the body is not of the right type",
        "foreign_host" => "this server does not answer to that name",
        "foreign_origin" => "changes are taken from this program's own pages only",
        _ => "something went wrong here",
    }
}

fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
