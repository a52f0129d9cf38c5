//! Byte-level BPE as GPT-2 made it, with the splitting that the file names.

use std::collections::HashMap;

use tokenizers::models::bpe::BPE;
use tokenizers::normalizers::NFC;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::tokenizer::SplitDelimiterBehavior;
use tokenizers::{PreTokenizerWrapper, Tokenizer};

use crate::lm::error::ModelError;
use crate::lm::gguf::Gguf;

/// Words of the file and its merges become a tokenizer.
///
/// # Errors
/// `UnsupportedTokenizer`, `MissingKey`, `BadKey`, `Damaged`.
pub fn tokenizer(gguf: &Gguf<'_>, words: &[(&str, u32)]) -> Result<Tokenizer, ModelError> {
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
    let owned = words.iter().map(|(text, id)| ((*text).to_owned(), *id));
    let vocabulary: tokenizers::models::bpe::Vocab = owned.collect();
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
pub fn bytes_of_characters() -> HashMap<char, u8> {
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
