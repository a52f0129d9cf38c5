//! A model's tokenizer, from the file's own lists: byte-level BPE as GPT-2 made it, with the splitting that the
//! file names. Not here: SentencePiece (kind `llama`), which is refused by name.

use std::collections::{HashMap, HashSet};

use tokenizers::models::bpe::BPE;
use tokenizers::normalizers::NFC;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::tokenizer::SplitDelimiterBehavior;
use tokenizers::{PreTokenizerWrapper, Tokenizer};

use crate::lm::chat::Message;
use crate::lm::error::{ModelError, RunError};
use crate::lm::gguf::{Gguf, Value};
use crate::lm::template::Template;

/// Kinds of tokens in `tokenizer.ggml.token_type`.
const CONTROL: u32 = 3;
const USER_DEFINED: u32 = 4;
const UNUSED: u32 = 5;

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

/// Texts to tokens and back.
pub struct Tokens {
    tokenizer: Tokenizer,
    template: Template,
    /// Special tokens by their texts, longest first.
    special: Vec<(String, u32)>,
    /// The bytes of all tokens, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    stops: HashSet<u32>,
    /// What every text begins with.
    begin: Option<u32>,
}

impl Tokens {
    /// Reads the tokenizer and the chat template. `vocabulary` is how many tokens the model knows.
    ///
    /// # Errors
    /// `UnsupportedTokenizer`, `MissingKey`, `BadKey`, `Damaged`, `BadTemplate`.
    pub fn read(gguf: &Gguf<'_>, vocabulary: usize) -> Result<Tokens, ModelError> {
        let kind = gguf.text("tokenizer.ggml.model")?;
        if kind != "gpt2" {
            return Err(ModelError::UnsupportedTokenizer(kind.to_owned()));
        }
        let texts: Vec<&str> = gguf.list("tokenizer.ggml.tokens")?.texts().collect();
        let kinds: Vec<u32> = match gguf.list("tokenizer.ggml.token_type") {
            Ok(list) => list.numbers().map(|kind| kind as u32).collect(),
            Err(_) => Vec::new(),
        };
        if texts.is_empty() || texts.len() > vocabulary {
            return Err(ModelError::BadKey("tokenizer.ggml.tokens".to_owned()));
        }
        let of_bytes = bytes_of_characters();
        let (mut bytes, mut ends, mut special) = (Vec::new(), Vec::new(), Vec::new());
        let mut words = Vec::new();
        for (id, text) in texts.iter().enumerate() {
            let kind = kinds.get(id).copied().unwrap_or(1);
            if kind == CONTROL || kind == USER_DEFINED {
                if !text.is_empty() {
                    special.push(((*text).to_owned(), id as u32));
                }
                if kind == USER_DEFINED {
                    bytes.extend_from_slice(text.as_bytes());
                }
            } else if kind != UNUSED {
                words.push(((*text).to_owned(), id as u32));
                for character in text.chars() {
                    match of_bytes.get(&character) {
                        Some(byte) => bytes.push(*byte),
                        None => bytes.extend_from_slice(character.to_string().as_bytes()),
                    }
                }
            }
            ends.push(bytes.len());
        }
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
        Ok(Tokens {
            tokenizer: tokenizer(gguf, words)?,
            template,
            special,
            bytes,
            ends,
            stops,
            begin: token("bos_token_id").filter(|_| begins),
        })
    }

    /// The tokens of plain text: never a special one, whatever it looks like.
    pub fn of_text(&self, text: &str) -> Vec<u32> {
        let encoded = self.tokenizer.encode_fast(text, false);
        encoded.map_or_else(|_| Vec::new(), |encoded| encoded.get_ids().to_vec())
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

fn tokenizer(gguf: &Gguf<'_>, words: Vec<(String, u32)>) -> Result<Tokenizer, ModelError> {
    let damaged = ModelError::Damaged("the tokenizer's lists do not fit each other");
    let name = gguf.text("tokenizer.ggml.pre").unwrap_or("default");
    let splitting = Splitting::by_name(name)?;
    let merges: Option<Vec<_>> = gguf
        .list("tokenizer.ggml.merges")?
        .texts()
        .map(|pair| {
            pair.split_once(' ')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
        })
        .collect();
    let merges = merges.ok_or(damaged.clone())?;
    let vocabulary: tokenizers::models::bpe::Vocab = words.into_iter().collect();
    let builder = BPE::builder().vocab_and_merges(vocabulary, merges);
    let builder = builder.ignore_merges(splitting == Splitting::Llama3);
    let mut tokenizer = Tokenizer::new(builder.build().map_err(|_| damaged)?);
    if splitting == Splitting::Qwen {
        tokenizer
            .with_normalizer(Some(NFC))
            .map_err(|_| ModelError::Damaged("no normalizer"))?;
    }
    tokenizer.with_pre_tokenizer(Some(splitting.pre_tokenizer()?));
    Ok(tokenizer)
}

/// How a text is cut into words before they become tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Splitting {
    Gpt2,
    SmolLm,
    Qwen,
    Llama3,
}

impl Splitting {
    fn by_name(name: &str) -> Result<Splitting, ModelError> {
        Ok(match name {
            "gpt-2" | "default" => Splitting::Gpt2,
            "smollm" => Splitting::SmolLm,
            "qwen2" => Splitting::Qwen,
            "llama-bpe" | "llama3" | "llama-v3" => Splitting::Llama3,
            other => return Err(ModelError::UnsupportedTokenizer(other.to_owned())),
        })
    }

    /// The expressions are those of the models' own tokenizer.json files.
    fn pre_tokenizer(self) -> Result<PreTokenizerWrapper, ModelError> {
        let numbers = match self {
            Splitting::Gpt2 => return Ok(ByteLevel::new(false, true, true).into()),
            Splitting::SmolLm => {
                let digits = Digits::new(true).into();
                let bytes = ByteLevel::new(false, true, true).into();
                return Ok(Sequence::new(vec![digits, bytes]).into());
            }
            Splitting::Qwen => r"\p{N}",
            Splitting::Llama3 => r"\p{N}{1,3}",
        };
        let words = format!(
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|{numbers}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
        );
        let pattern = SplitPattern::Regex(words);
        let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false);
        let split = split.map_err(|_| ModelError::Damaged("no splitting"))?;
        let bytes = ByteLevel::new(false, false, false).into();
        Ok(Sequence::new(vec![split.into(), bytes]).into())
    }
}

/// The characters by which GPT-2 writes bytes: printable ones stand for themselves, the others follow from U+0100.
fn bytes_of_characters() -> HashMap<char, u8> {
    let mut next = 256;
    let mut characters = HashMap::new();
    for byte in 0..=255u8 {
        let character = match byte {
            b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => char::from(byte),
            _ => {
                next += 1;
                char::from_u32(next - 1).expect("these are letters of Latin Extended-A")
            }
        };
        characters.insert(character, byte);
    }
    characters
}
