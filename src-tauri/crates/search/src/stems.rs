//! Stems: by the language of the text where it is known, and by the commonest one, so that both meet.
//!
//! A text in German is indexed under its German stems and, at the same places, under its English ones: a question
//! of two words often has no language that could be told, and must find it all the same. Cyrillic words have
//! the Russian stemmer whatever the language. Not here: what a word is (`words`).

use domain::language::Language;
use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{PreTokenizedString, Token};

use crate::words::{Word, words};

/// The stemmers for one text: one for each alphabet.
pub struct Stems {
    cyrillic: Stemmer,
    latin: Stemmer,
}

impl Stems {
    /// The stemmers that every text has: Russian and English.
    pub fn common() -> Stems {
        Stems::with(Algorithm::English)
    }

    /// The stemmers for a text in this language; `None` where they are the common ones.
    pub fn of(language: Language) -> Option<Stems> {
        let latin = match language.code() {
            "de" => Algorithm::German,
            "fr" => Algorithm::French,
            "es" => Algorithm::Spanish,
            "it" => Algorithm::Italian,
            "pt" => Algorithm::Portuguese,
            "nl" => Algorithm::Dutch,
            "sv" => Algorithm::Swedish,
            "da" => Algorithm::Danish,
            "no" => Algorithm::Norwegian,
            "fi" => Algorithm::Finnish,
            "hu" => Algorithm::Hungarian,
            "ro" => Algorithm::Romanian,
            "tr" => Algorithm::Turkish,
            _ => return None,
        };
        Some(Stems::with(latin))
    }

    fn with(latin: Algorithm) -> Stems {
        Stems {
            cyrillic: Stemmer::new(Algorithm::Russian),
            latin: Stemmer::new(latin),
        }
    }

    /// The stem of a word; a word with a digit is its own.
    pub fn stem(&self, word: &Word) -> String {
        if word.exact {
            return word.text.clone();
        }
        match word.text.chars().next() {
            Some('\u{400}'..='\u{4FF}') => self.cyrillic.stem(&word.text).into_owned(),
            _ => self.latin.stem(&word.text).into_owned(),
        }
    }
}

/// The stems under which a text is indexed.
pub fn index_stems(text: &str, language: Language) -> PreTokenizedString {
    let (common, own) = (Stems::common(), Stems::of(language));
    let mut tokens = Vec::new();
    for word in words(text) {
        let token = |text: String| Token {
            position: word.position,
            text,
            ..Token::default()
        };
        let stem = common.stem(&word);
        let own = own.as_ref().map(|own| own.stem(&word));
        tokens.extend(own.filter(|own| *own != stem).map(token));
        tokens.push(token(stem));
    }
    PreTokenizedString {
        text: String::new(),
        tokens,
    }
}
