//! Text to ids, by whichever tokenizer the model has.

use std::ops::Range;

use tokenizers::{Tokenizer, TruncationParams};

use super::charsmap::CharsMap;
use super::prepared::{Prepared, TokenizerKind};
use super::unigram::Unigram;

pub(super) enum Tokens {
    /// A small vocabulary, by `tokenizers` itself.
    Whole(Box<Tokenizer>),
    /// A large one, in the mapped file.
    Unigram(Parts),
}

/// Where the parts of a Unigram tokenizer lie.
pub(super) struct Parts {
    offsets: Range<usize>,
    text: Range<usize>,
    scores: Range<usize>,
    table: Range<usize>,
    trie: Range<usize>,
    replaced: Range<usize>,
    longest: usize,
}

impl Tokens {
    pub(super) fn new(file: &Prepared) -> Result<Tokens, String> {
        match &file.header.tokenizer {
            TokenizerKind::Whole => {
                let bytes = file.bytes(&file.range("tokenizer"));
                let tokenizer = Tokenizer::from_bytes(bytes).map_err(|error| error.to_string())?;
                Ok(Tokens::Whole(Box::new(without_padding(tokenizer)?)))
            }
            TokenizerKind::Unigram(_) => {
                let offsets = file.range("pieces.offsets");
                let starts: &[u32] = file.numbers(&offsets);
                let lengths = starts
                    .windows(2)
                    .map(|pair| pair[1].saturating_sub(pair[0]));
                let parts = Parts {
                    longest: lengths.max().unwrap_or(0) as usize,
                    offsets,
                    text: file.range("pieces.text"),
                    scores: file.range("pieces.scores"),
                    table: file.range("pieces.table"),
                    trie: file.range("map.trie"),
                    replaced: file.range("map.text"),
                };
                if !(parts.table.len() / 4).is_power_of_two() {
                    return Err("the vocabulary's table is cut off".to_owned());
                }
                Ok(Tokens::Unigram(parts))
            }
        }
    }

    /// The ids of `text` with the marks around it, at most `most`.
    pub(super) fn ids(&self, file: &Prepared, text: &str, most: usize) -> Result<Vec<u32>, String> {
        match (self, &file.header.tokenizer) {
            (Tokens::Unigram(parts), TokenizerKind::Unigram(header)) => {
                let unigram = Unigram {
                    header,
                    map: CharsMap {
                        trie: file.numbers(&parts.trie),
                        text: file.bytes(&parts.replaced),
                    },
                    offsets: file.numbers(&parts.offsets),
                    text: file.bytes(&parts.text),
                    scores: file.numbers(&parts.scores),
                    table: file.numbers(&parts.table),
                    longest: parts.longest,
                };
                Ok(unigram.ids(text, most))
            }
            (Tokens::Whole(tokenizer), _) => {
                let coded = tokenizer
                    .encode_fast(text, true)
                    .map_err(|error| error.to_string())?;
                let ids = coded.get_ids();
                if ids.len() <= most {
                    return Ok(ids.to_vec());
                }
                // Cut before the closing mark, which stays.
                let mut cut = ids[..most - 1].to_vec();
                cut.extend(ids.last());
                Ok(cut)
            }
            _ => Err("the tokenizer does not fit its header".to_owned()),
        }
    }
}

/// The files of some models come with padding to a fixed length and a limit of their own.
fn without_padding(mut tokenizer: Tokenizer) -> Result<Tokenizer, String> {
    tokenizer.with_padding(None);
    tokenizer
        .with_truncation(None::<TruncationParams>)
        .map_err(|error| error.to_string())?;
    Ok(tokenizer)
}
