//! The character map of SentencePiece: a double array of prefixes, and the texts that replace them.
//!
//! Works as the `Precompiled` normaliser of `tokenizers` does, letter for letter: a grapheme shorter than
//! six bytes is replaced as a whole by what its shortest known prefix maps to; otherwise each character is
//! looked up by itself.

use unicode_segmentation::UnicodeSegmentation;

/// The two parts of a map, mapped from the prepared file.
#[derive(Clone, Copy)]
pub(super) struct CharsMap<'a> {
    pub(super) trie: &'a [u32],
    pub(super) text: &'a [u8],
}

impl<'a> CharsMap<'a> {
    /// Cuts a `precompiled_charsmap` into its parts; `None` when it is damaged.
    pub(super) fn split(bytes: &[u8]) -> Option<(Vec<u32>, &[u8])> {
        let size = u32::from_le_bytes(*bytes.first_chunk::<4>()?) as usize;
        let trie = bytes.get(4..4 + size)?;
        let text = &bytes[4 + size..];
        std::str::from_utf8(text).ok()?;
        let (units, _) = trie.as_chunks::<4>();
        Some((
            units.iter().map(|unit| u32::from_le_bytes(*unit)).collect(),
            text,
        ))
    }

    pub(super) fn normalise(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        if self.trie.is_empty() {
            return text.to_owned();
        }
        for grapheme in text.graphemes(true) {
            if grapheme.len() < 6
                && let Some(replaced) = self.replaced(grapheme)
            {
                out.push_str(replaced);
                continue;
            }
            let mut buffer = [0; 4];
            for c in grapheme.chars() {
                let part = c.encode_utf8(&mut buffer);
                match self.replaced(part) {
                    Some(replaced) => out.push_str(replaced),
                    None => out.push(c),
                }
            }
        }
        out
    }

    fn replaced(&self, part: &str) -> Option<&'a str> {
        let index = self.shortest_prefix(part.as_bytes())?;
        let rest = self.text.get(index..)?;
        let end = rest
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(rest.len());
        std::str::from_utf8(&rest[..end]).ok()
    }

    fn shortest_prefix(&self, key: &[u8]) -> Option<usize> {
        let mut unit = *self.trie.first()?;
        let mut at = offset(unit);
        for &byte in key {
            if byte == 0 {
                return None;
            }
            at ^= usize::from(byte);
            unit = *self.trie.get(at)?;
            let label = unit & ((1 << 31) | 0xFF);
            if label != u32::from(byte) {
                return None;
            }
            at ^= offset(unit);
            let has_leaf = (unit >> 8) & 1 == 1;
            if has_leaf {
                let value = self.trie.get(at)? & ((1 << 31) - 1);
                return Some(value as usize);
            }
        }
        None
    }
}

fn offset(unit: u32) -> usize {
    let unit = unit as usize;
    (unit >> 10) << ((unit & (1 << 9)) >> 6)
}
