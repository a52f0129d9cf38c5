//! What is in the program, as a CycloneDX 1.5 list: the crates that are compiled into a shape of it for this
//! computer, and the packages of its pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::Result;
use crate::binary::{Shape, cargo};
use crate::command::output;
use crate::metadata::root;

/// The list, as text.
pub fn sbom(shape: Shape, version: &str) -> Result<String> {
    let host = output(cargo().args(["-vV"]))?;
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .ok_or("cargo does not say for what computer it builds")?
        .to_owned();
    let mut metadata = cargo();
    metadata.args([
        "metadata",
        "--format-version=1",
        "--locked",
        "--manifest-path",
        "src-tauri/Cargo.toml",
        "--filter-platform",
        &host,
    ]);
    if shape == Shape::Headless {
        metadata.args(["--no-default-features", "--features", "candle"]);
    }
    let metadata: Value = serde_json::from_str(&output(&mut metadata)?)?;
    let sums = sums(&fs::read_to_string(root().join("Cargo.lock"))?);
    let mut components = crates(&metadata, &sums)?;
    let pages: Value =
        serde_json::from_str(&fs::read_to_string(root().join("ui/package-lock.json"))?)?;
    components.extend(packages(&pages));
    let list = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": format!("pkg:generic/chatai@{version}"),
                "name": "chatai",
                "version": version,
                "purl": format!("pkg:generic/chatai@{version}"),
                "licenses": [{ "expression": "Apache-2.0" }],
            },
        },
        "components": components,
    });
    Ok(serde_json::to_string_pretty(&list)? + "\n")
}

/// The crates from registries that `chatai` is linked with, by name.
fn crates(metadata: &Value, sums: &BTreeMap<(String, String), String>) -> Result<Vec<Value>> {
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages: BTreeMap<String, Value> = array(&metadata["packages"])
        .into_iter()
        .map(|package| (text(&package["id"]), package))
        .collect();
    let nodes: BTreeMap<String, Value> = array(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let program = packages
        .iter()
        .find(|(_, package)| package["name"] == "chatai")
        .map(|(id, _)| id.clone())
        .ok_or("cargo metadata does not name chatai")?;
    let mut seen = BTreeSet::new();
    let mut open = vec![program];
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let Some(node) = nodes.get(&id) else { continue };
        for needed in array(&node["deps"]) {
            // What only builds or tests it is not in it.
            let is_in = array(&needed["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"].is_null());
            if is_in {
                open.push(text(&needed["pkg"]));
            }
        }
    }
    let from_registries = seen
        .iter()
        .filter_map(|id| packages.get(id))
        .filter(|package| !package["source"].is_null());
    Ok(from_registries
        .map(|package| {
            let (name, version) = (text(&package["name"]), text(&package["version"]));
            let purl = format!("pkg:cargo/{name}@{version}");
            let mut component = json!({
                "type": "library",
                "bom-ref": purl,
                "name": name,
                "version": version,
                "purl": purl,
            });
            if let Some(licence) = package["license"].as_str() {
                component["licenses"] = json!([{ "expression": licence.replace('/', " OR ") }]);
            }
            if let Some(sum) = sums.get(&(name, version)) {
                component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
            }
            component
        })
        .collect())
}

/// The checksums that a `Cargo.lock` holds, by name and version.
fn sums(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |line: &str, key: &str| {
        let rest = line.strip_prefix(key)?.strip_prefix(" = \"")?;
        Some(rest.strip_suffix('"')?.to_owned())
    };
    let mut found = BTreeMap::new();
    for block in lock.split("[[package]]") {
        let of = |key: &str| block.lines().find_map(|line| value(line, key));
        if let (Some(name), Some(version), Some(sum)) = (of("name"), of("version"), of("checksum"))
        {
            found.insert((name, version), sum);
        }
    }
    found
}

/// The npm packages that the pages are made of, without those that only build or test them.
fn packages(lock: &Value) -> Vec<Value> {
    let all = lock["packages"].as_object().cloned().unwrap_or_default();
    let used = all.into_iter().filter(|(path, package)| {
        !path.is_empty() && package["dev"] != true && package["version"].is_string()
    });
    used.map(|(path, package)| {
        let name = path
            .rsplit_once("node_modules/")
            .map_or(path.as_str(), |(_, name)| name)
            .to_owned();
        let version = package["version"].as_str().unwrap_or_default().to_owned();
        let purl = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
        let mut component = json!({
            "type": "library",
            "bom-ref": format!("{purl}#{path}"),
            "name": name,
            "version": version,
            "purl": purl,
        });
        if let Some(licence) = package["license"].as_str() {
            component["licenses"] = json!([{ "expression": licence }]);
        }
        component
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_builds_or_tests_is_not_in_the_list() {
        let metadata = json!({
            "packages": [
                { "id": "1", "name": "chatai", "version": "0.1.0", "source": null },
                { "id": "2", "name": "room", "version": "0.1.0", "source": null },
                { "id": "3", "name": "tantivy", "version": "0.27.0", "source": "registry", "license": "MIT/Apache-2.0" },
                { "id": "4", "name": "cc", "version": "1.0.0", "source": "registry", "license": "MIT" },
            ],
            "resolve": { "nodes": [
                { "id": "1", "deps": [{ "pkg": "2", "dep_kinds": [{ "kind": null }] }] },
                { "id": "2", "deps": [
                    { "pkg": "3", "dep_kinds": [{ "kind": "dev" }, { "kind": null }] },
                    { "pkg": "4", "dep_kinds": [{ "kind": "build" }] },
                ] },
                { "id": "3", "deps": [] },
                { "id": "4", "deps": [] },
            ] },
        });
        let lock = "[[package]]\nname = \"tantivy\"\nversion = \"0.27.0\"\nchecksum = \"ab\"\n";
        let found = crates(&metadata, &sums(lock)).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["purl"], "pkg:cargo/tantivy@0.27.0");
        assert_eq!(found[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(found[0]["hashes"][0]["content"], "ab");
    }

    #[test]
    fn the_pages_packages_are_named_as_npm_does() {
        let lock = json!({ "packages": {
            "": { "version": "0.1.0" },
            "node_modules/@base-ui/react": { "version": "1.0.0", "license": "MIT" },
            "node_modules/vite": { "version": "7.0.0", "dev": true },
        } });
        let found = packages(&lock);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["purl"], "pkg:npm/%40base-ui/react@1.0.0");
    }
}
