//! A model's tokenizer, from the file's own lists: byte-level BPE (kind `gpt2`) or SentencePiece (kind `llama`).

pub(crate) mod byte_level;
mod sentencepiece;

use std::collections::HashSet;

use tokenizers::Tokenizer;

use crate::lm::chat::Message;
use crate::lm::error::{ModelError, RunError};
use crate::lm::gguf::{Gguf, Value};
use crate::lm::template::Template;
use sentencepiece::SentencePiece;

/// Kinds of tokens in `tokenizer.ggml.token_type`.
const CONTROL: u32 = 3;
const USER_DEFINED: u32 = 4;
const UNUSED: u32 = 5;
const BYTE: u32 = 6;

/// Tokens that end a turn in the templates of known families, whatever the file calls them.
const ENDS: [&str; 6] = [
    "<|im_end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end|>",
    "<|endoftext|>",
    "<end_of_turn>",
];

/// A character that no text may contain (Unicode, 23.7): it breaks what looks like a special token in a message.
const GUARD: char = '\u{fdd0}';

/// How texts are cut.
enum Kind {
    /// Boxed: it is far larger than the other.
    ByteLevel(Box<Tokenizer>),
    SentencePiece(SentencePiece),
}

/// Texts to tokens and back.
pub struct Tokens {
    kind: Kind,
    template: Template,
    /// Special tokens by their texts, longest first.
    special: Vec<(String, u32)>,
    /// The bytes of all tokens, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    stops: HashSet<u32>,
    /// What every text begins with.
    begin: Option<u32>,
    /// True: white space after a special token is no part of the text.
    strips: bool,
}

impl Tokens {
    /// Reads the tokenizer and the chat template. `vocabulary` is how many tokens the model knows.
    ///
    /// # Errors
    /// `UnsupportedTokenizer`, `MissingKey`, `BadKey`, `Damaged`, `BadTemplate`.
    pub fn read(gguf: &Gguf<'_>, vocabulary: usize) -> Result<Tokens, ModelError> {
        let texts: Vec<&str> = gguf.list("tokenizer.ggml.tokens")?.texts().collect();
        if texts.is_empty() || texts.len() > vocabulary {
            return Err(ModelError::BadKey("tokenizer.ggml.tokens".to_owned()));
        }
        let kinds: Vec<u32> = match gguf.list("tokenizer.ggml.token_type") {
            Ok(list) => list.numbers().map(|kind| kind as u32).collect(),
            Err(_) => Vec::new(),
        };
        let kind_of = |id: usize| kinds.get(id).copied().unwrap_or(1);
        let is_byte_level = match gguf.text("tokenizer.ggml.model")? {
            "gpt2" => true,
            "llama" => false,
            other => return Err(ModelError::UnsupportedTokenizer(other.to_owned())),
        };
        let of_bytes = byte_level::bytes_of_characters();
        let (mut bytes, mut ends, mut special) = (Vec::new(), Vec::new(), Vec::new());
        let mut words = Vec::new();
        for (id, text) in texts.iter().enumerate() {
            let id = id as u32;
            match kind_of(id as usize) {
                UNUSED => (),
                // Runs of line ends and the like: words, but matched before all others.
                USER_DEFINED if !is_byte_level && text.trim().is_empty() => {
                    words.push((*text, id));
                    bytes.extend_from_slice(text.as_bytes());
                }
                CONTROL => special.push(((*text).to_owned(), id)),
                USER_DEFINED => {
                    special.push(((*text).to_owned(), id));
                    bytes.extend_from_slice(text.as_bytes());
                }
                BYTE if !is_byte_level => bytes.extend(sentencepiece::byte(text)),
                _ if is_byte_level => {
                    words.push((*text, id));
                    for character in text.chars() {
                        match of_bytes.get(&character) {
                            Some(byte) => bytes.push(*byte),
                            None => bytes.extend_from_slice(character.to_string().as_bytes()),
                        }
                    }
                }
                _ => {
                    words.push((*text, id));
                    bytes.extend_from_slice(sentencepiece::shown(text).as_bytes());
                }
            }
            ends.push(bytes.len());
        }
        special.retain(|(text, _)| !text.is_empty());
        let token = |key: &str| match gguf.key(&format!("tokenizer.ggml.{key}")) {
            Some(Value::Whole(id)) if (id as usize) < texts.len() => Some(id as u32),
            _ => None,
        };
        let named = ["eos_token_id", "eot_token_id", "eom_token_id"]
            .into_iter()
            .filter_map(token);
        let known = special
            .iter()
            .filter(|(text, _)| ENDS.contains(&text.as_str()));
        let stops = named.chain(known.map(|(_, id)| *id)).collect();
        special.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let begins = gguf.key("tokenizer.ggml.add_bos_token") == Some(Value::Whole(1));
        let text_of = |id: Option<u32>| id.map_or("", |id| texts[id as usize]);
        let template = Template::new(
            gguf.text("tokenizer.chat_template").ok(),
            text_of(token("bos_token_id")),
            text_of(token("eos_token_id")),
        )?;
        let kind = match is_byte_level {
            true => Kind::ByteLevel(Box::new(byte_level::tokenizer(gguf, &words)?)),
            false => Kind::SentencePiece(SentencePiece::read(gguf, &texts, &words)?),
        };
        Ok(Tokens {
            kind,
            template,
            special,
            bytes,
            ends,
            stops,
            begin: token("bos_token_id").filter(|_| begins),
            // So say the special tokens of its tokenizer.json; the file does not carry it.
            strips: gguf.text("general.architecture") == Ok("phi3") && !is_byte_level,
        })
    }

    /// The tokens of plain text: never a special one, whatever it looks like.
    pub fn of_text(&self, text: &str) -> Vec<u32> {
        match &self.kind {
            Kind::ByteLevel(tokenizer) => {
                let encoded = tokenizer.encode_fast(text, false);
                encoded.map_or_else(|_| Vec::new(), |encoded| encoded.get_ids().to_vec())
            }
            Kind::SentencePiece(pieces) => pieces.of_text(text),
        }
    }

    /// The tokens of a conversation, up to where the model answers.
    ///
    /// # Errors
    /// `BadMessages`.
    pub fn of_messages(&self, messages: &[Message]) -> Result<Vec<u32>, RunError> {
        let guarded: Vec<Message> = messages
            .iter()
            .map(|message| Message {
                role: message.role,
                text: self.guard(&message.text),
            })
            .collect();
        let filled = self.template.fill(&guarded)?;
        let mut tokens: Vec<u32> = Vec::new();
        let mut rest = filled.as_str();
        while !rest.is_empty() {
            let found = self.special_in(rest);
            let (at, length) = found.map_or((rest.len(), 0), |(at, length, _)| (at, length));
            let text = rest[..at].replace(GUARD, "");
            if !text.is_empty() {
                tokens.extend(self.of_text(&text));
            }
            tokens.extend(found.map(|(_, _, id)| id));
            rest = &rest[at + length..];
            if self.strips && found.is_some() {
                rest = rest.trim_start();
            }
        }
        match self.begin {
            Some(begin) if tokens.first() != Some(&begin) => tokens.insert(0, begin),
            _ => (),
        }
        Ok(tokens)
    }

    /// The bytes of a token; none for a control token or one that does not exist.
    pub fn bytes(&self, token: u32) -> &[u8] {
        let token = token as usize;
        let start = match token {
            0 => 0,
            _ => self
                .ends
                .get(token - 1)
                .copied()
                .unwrap_or(self.bytes.len()),
        };
        let end = self.ends.get(token).copied().unwrap_or(start);
        &self.bytes[start..end]
    }

    /// True for a token that ends the model's turn.
    pub fn is_stop(&self, token: u32) -> bool {
        self.stops.contains(&token)
    }

    /// The first special token in a text: where, how many bytes, which.
    fn special_in(&self, text: &str) -> Option<(usize, usize, u32)> {
        let places = self.special.iter().filter_map(|(special, id)| {
            text.find(special.as_str())
                .map(|at| (at, special.len(), *id))
        });
        places.min_by_key(|(at, length, _)| (*at, std::cmp::Reverse(*length)))
    }

    /// A text in which nothing can be found that is a special token.
    fn guard(&self, text: &str) -> String {
        let mut guarded = String::new();
        let plain = text.replace(GUARD, "");
        let mut rest = plain.as_str();
        while let Some((at, _, _)) = self.special_in(rest) {
            let first = rest[at..].chars().next().map_or(0, char::len_utf8);
            guarded.push_str(&rest[..at + first]);
            guarded.push(GUARD);
            rest = &rest[at + first..];
        }
        guarded.push_str(rest);
        guarded
    }
}
