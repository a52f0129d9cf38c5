//! Every crate's licence is one we may ship.

use crate::Result;
use crate::metadata::packages;

/// Licences that a crate may have. MPL-2.0 binds single files only.
const ALLOWED: &[&str] = &[
    "Apache-2.0",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "CC0-1.0",
    "MPL-2.0",
    "BSL-1.0",
    "Unlicense",
    "CDLA-Permissive-2.0",
    "bzip2-1.0.6",
    "Apache-2.0 WITH LLVM-exception",
];

/// Crates that state no licence in the expression, looked at by a person: name and what was found.
const LOOKED_AT: &[(&str, &str)] = &[];

/// Checks every crate of the lock file; the error names those that may not be here.
pub fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for package in packages()? {
        let known = LOOKED_AT.iter().any(|(name, _)| *name == package.name);
        let fits = package.licence.as_deref().is_some_and(permitted);
        if !known && !fits {
            let stated = package.licence.as_deref().unwrap_or("none");
            wrong.push(format!(
                "{} {}: licence {stated}",
                package.name, package.version
            ));
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n").into()),
    }
}

/// True when an SPDX expression can be met with allowed licences: one side of each OR, both of each AND.
fn permitted(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    any(&expression)
}

fn any(expression: &str) -> bool {
    parts(expression, " OR ")
        .into_iter()
        .any(|part| parts(part, " AND ").into_iter().all(one))
}

fn one(licence: &str) -> bool {
    let licence = licence.trim();
    match licence
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
    {
        Some(inner) => any(inner),
        None => ALLOWED.contains(&licence),
    }
}

/// Cuts at `separator` outside parentheses.
fn parts<'a>(expression: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in expression.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 && at >= start && expression[at..].starts_with(separator) {
            parts.push(&expression[start..at]);
            start = at + separator.len();
        }
    }
    parts.push(&expression[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_side_of_an_or_and_both_of_an_and_must_be_allowed() {
        assert!(permitted("MIT OR GPL-3.0"));
        assert!(permitted("Apache-2.0/MIT"));
        assert!(permitted("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!permitted("MIT AND GPL-3.0"));
        assert!(!permitted("(GPL-2.0 OR GPL-3.0) AND MIT"));
        assert!(!permitted("LGPL-2.1"));
    }
}
