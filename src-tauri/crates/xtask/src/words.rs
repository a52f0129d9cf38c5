//! Words that must not stand in the sources: clocks below `app`, unfinished work, silenced lints, sleeping
//! tests. (`unwrap` outside tests is clippy's to find.)

use std::fs;
use std::path::Path;

use crate::Result;
use crate::metadata::root;
use crate::sizes::sources;

struct Forbidden {
    /// What must not stand there. Written in two halves, so that this list does not find itself.
    word: [&'static str; 2],
    /// Only in these folders under the root; everywhere when empty.
    folders: &'static [&'static str],
    why: &'static str,
}

const BELOW_APP: &[&str] = &[
    "src-tauri/crates/domain/src",
    "src-tauri/crates/net/src",
    "src-tauri/crates/store/src",
    "src-tauri/crates/extract/src",
    "src-tauri/crates/search/src",
    "src-tauri/crates/engine/src",
];

const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        word: ["SystemTime::", "now()"],
        folders: BELOW_APP,
        why: "time is passed in below app",
    },
    Forbidden {
        word: ["Timestamp::", "now()"],
        folders: BELOW_APP,
        why: "time is passed in below app",
    },
    Forbidden {
        word: ["Zoned::", "now()"],
        folders: BELOW_APP,
        why: "time is passed in below app",
    },
    Forbidden {
        word: ["TO", "DO"],
        folders: &[],
        why: "finish it or file an issue",
    },
    Forbidden {
        word: ["FIX", "ME"],
        folders: &[],
        why: "finish it or file an issue",
    },
    Forbidden {
        word: ["#[all", "ow("],
        folders: &[],
        why: "#[expect(…, reason = \"…\")] tells when it is over",
    },
    Forbidden {
        word: ["#![all", "ow("],
        folders: &[],
        why: "#![expect(…, reason = \"…\")] tells when it is over",
    },
    Forbidden {
        word: ["#[ign", "ore"],
        folders: &[],
        why: "a slow test looks at SLOW=1",
    },
    Forbidden {
        word: ["#[should_", "panic"],
        folders: &[],
        why: "assert what comes back",
    },
    Forbidden {
        word: ["@tauri-", "apps"],
        folders: &["ui"],
        why: "there is no IPC (security.md C17)",
    },
    Forbidden {
        word: ["dangerouslySet", "InnerHTML"],
        folders: &["ui"],
        why: "no strings as markup (security.md C11)",
    },
];

/// Checks all our sources; the error names file, line, word and why.
pub fn check() -> Result<()> {
    let root = root();
    let mut wrong = Vec::new();
    for file in sources()? {
        let text = fs::read_to_string(&file)?;
        let shown = file.strip_prefix(&root).unwrap_or(&file);
        for forbidden in FORBIDDEN
            .iter()
            .filter(|forbidden| concerns(forbidden, shown))
        {
            let word = forbidden.word.concat();
            for (number, _) in text
                .lines()
                .enumerate()
                .filter(|(_, line)| stands_in(line, &word))
            {
                wrong.push(format!(
                    "{}:{}: {word}: {}",
                    shown.display(),
                    number + 1,
                    forbidden.why
                ));
            }
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n").into()),
    }
}

fn concerns(forbidden: &Forbidden, file: &Path) -> bool {
    forbidden.folders.is_empty()
        || forbidden
            .folders
            .iter()
            .any(|folder| file.starts_with(folder))
}

/// True when `word` stands in the line and is not part of a longer one.
fn stands_in(line: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let only_letters = word.chars().all(char::is_alphabetic);
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !only_letters || (!is_letter(before) && !is_letter(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_forbidden_word_stands_in_the_sources() {
        check().unwrap();
    }

    #[test]
    fn a_longer_word_is_another_word() {
        let word = ["TO", "DO"].concat();
        assert!(stands_in(&format!("// {word}: later"), &word));
        assert!(!stands_in(&format!("MAS{word}N"), &word));
    }
}
