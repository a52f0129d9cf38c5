//! The language a text is written in, as far as search and answers care.

use serde::{Deserialize, Serialize};

/// An ISO 639-1 code in lowercase (`en`, `ru`, `de`), or nothing known.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Language([u8; 2]);

/// A text that is not a two-letter language code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a two-letter language code")]
pub struct NotALanguage;

impl Language {
    /// English.
    pub const EN: Language = Language(*b"en");
    /// Russian.
    pub const RU: Language = Language(*b"ru");
    /// Not known, or too short to tell.
    pub const UNKNOWN: Language = Language([0, 0]);

    /// The two letters; empty when not known.
    pub fn code(&self) -> &str {
        match self.0[0] {
            0 => "",
            _ => std::str::from_utf8(&self.0).unwrap_or_default(),
        }
    }
}

impl TryFrom<String> for Language {
    type Error = NotALanguage;

    fn try_from(text: String) -> Result<Self, NotALanguage> {
        match text.as_bytes() {
            [] => Ok(Language::UNKNOWN),
            [a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => Ok(Language([*a, *b])),
            _ => Err(NotALanguage),
        }
    }
}

impl From<Language> for String {
    fn from(language: Language) -> String {
        language.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_lowercase_letters_are_a_language() {
        assert_eq!(Language::try_from("ru".to_owned()), Ok(Language::RU));
        assert_eq!(Language::try_from(String::new()), Ok(Language::UNKNOWN));
        for wrong in ["RU", "rus", "r", "р"] {
            assert_eq!(
                Language::try_from(wrong.to_owned()),
                Err(NotALanguage),
                "{wrong}"
            );
        }
    }
}
