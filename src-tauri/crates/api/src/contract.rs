//! The OpenAPI document: collected from the routes, finished here with what is true of every route. Only for the test
//! that the one in `ui` is it.

use utoipa::openapi::path::{HttpMethod, Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, ResponseBuilder};

use crate::problem::ProblemBody;
use crate::routes;
use crate::wire::conversations::{AnswerDone, AnswerFailed, AnswerText, Restarted};
use crate::wire::events::Change;
use crate::wire::trace::Step;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "ChatAI",
        version = "1",
        description = "Answers a business's customers from the business's own documents. Changes need the \
            header `x-chatai: 1` and come from this program's own origin; errors are problem+json (RFC 9457)."
    ),
    components(schemas(
        ProblemBody,
        AnswerText,
        AnswerDone,
        AnswerFailed,
        Restarted,
        Step,
        Change
    ))
)]
struct Contract;

/// The document of every route.
pub fn document() -> String {
    let mut contract = <Contract as utoipa::OpenApi>::openapi();
    for said in routes::all().said {
        let (paths, components) = (&mut contract.paths, &mut contract.components);
        paths.add_path_operation(said.path, said.methods, said.operation);
        let components = components.get_or_insert_default();
        components.schemas.extend(said.schemas);
    }
    finish(&mut contract);
    let mut text = contract
        .to_pretty_json()
        .expect("the contract is made of plain values");
    text.push('\n');
    text
}

/// Adds what is true of every route: how problems look, and what a caller must show.
fn finish(contract: &mut OpenApi) {
    let components = contract.components.get_or_insert_default();
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
        "chatai",
        "the session; over HTTPS its name is `__Host-chatai`, else `chatai_` and the installation's name",
    ));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    let ours = ApiKey::Header(ApiKeyValue::with_description(
        "x-chatai",
        "always `1`; together with a same-origin `Origin` it shows that a page of ours asks",
    ));
    components.add_security_scheme("x-chatai", SecurityScheme::ApiKey(ours));
    for item in contract.paths.paths.values_mut() {
        for (method, operation) in operations(item) {
            finish_operation(&method, operation);
        }
    }
}

fn finish_operation(method: &HttpMethod, operation: &mut Operation) {
    let body = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let problem = ResponseBuilder::new()
        .description("a problem")
        .content("application/problem+json", body)
        .build();
    let responses = &mut operation.responses.responses;
    responses.insert("default".to_owned(), problem.into());
    if operation.security.is_none() {
        let nothing: [&str; 0] = [];
        let session = SecurityRequirement::new("session", nothing);
        let needed = match method {
            HttpMethod::Get => session,
            _ => session.add("x-chatai", nothing),
        };
        operation.security = Some(vec![needed]);
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_contract_in_the_ui_is_fresh() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/api/openapi.json");
        let contract = super::document();
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, &contract).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == contract,
            "ui/src/api/openapi.json is stale: run this test with UPDATE_EXPECT=1, then `npm run gen` in ui/"
        );
    }
}
