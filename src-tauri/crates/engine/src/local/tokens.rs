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
            TokenizerKind::Speech(_) => Err("this is a model that hears".to_owned()),
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
                Ok(cut(coded.get_ids(), most))
            }
            _ => Err("the tokenizer does not fit its header".to_owned()),
        }
    }

    /// The ids of two texts with the marks around them, at most `most`, and where the second one begins. The second
    /// one is cut; the first only where it alone is longer than that.
    pub(super) fn ids_of_both(
        &self,
        first: &str,
        second: &str,
        most: usize,
    ) -> Result<(Vec<u32>, usize), String> {
        let Tokens::Whole(tokenizer) = self else {
            return Err("its tokenizer does not read two texts at once".to_owned());
        };
        let coded = tokenizer.encode_fast((first, second), true);
        let coded = coded.map_err(|error| error.to_string())?;
        let begins = coded.get_type_ids().iter().position(|kind| *kind != 0);
        let begins = begins.ok_or("its tokenizer does not tell two texts apart")?;
        let ids = cut(coded.get_ids(), most);
        Ok((ids, begins.min(most)))
    }
}

/// At most so many ids: cut before the closing mark, which stays.
fn cut(ids: &[u32], most: usize) -> Vec<u32> {
    if ids.len() <= most {
        return ids.to_vec();
    }
    let mut cut = ids[..most - 1].to_vec();
    cut.extend(ids.last());
    cut
}

/// The files of some models come with padding to a fixed length and a limit of their own.
fn without_padding(mut tokenizer: Tokenizer) -> Result<Tokenizer, String> {
    tokenizer.with_padding(None);
    tokenizer
        .with_truncation(None::<TruncationParams>)
        .map_err(|error| error.to_string())?;
    Ok(tokenizer)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::models::PREPARED;
    use crate::models::manifest;

    const ODD: [&str; 14] = [
        "",
        " ",
        "deliverydelivery  de\u{a0}livery",
        "доставка доставки",
        "a<s>b </s>",
        "▁▁de▁y",
        "\u{202e}\u{feff}",
        "💥💥 💥y 👩‍👩‍👧‍👦",
        "\r\n\t",
        "de\u{301}y",
        "1/2 ½ №5 ①",
        "<s",
        "Ω≈ç√∫ ﷽ 漢字かな交じり文",
        "\u{0}\u{1}",
    ];

    /// With the real model, where `CHATAI_TEST_MODELS` names a folder that has it; on public texts too, where
    /// `CHATAI_DATA_SETS` names a folder of question sets.
    #[test]
    fn our_compact_tokenizer_gives_the_ids_of_the_published_one() {
        let folder = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let Some(models) = folder("CHATAI_TEST_MODELS") else {
            eprintln!("skipped: CHATAI_TEST_MODELS names no folder of models");
            return;
        };
        let model = models.join("multilingual-e5-small");
        let theirs = Tokenizer::from_file(model.join("tokenizer.json")).unwrap();
        let spec = manifest::known()
            .iter()
            .find(|spec| spec.name == "multilingual-e5-small");
        super::super::Local::open(spec.unwrap(), &model).unwrap();
        let file = super::super::kept::map(&model.join(PREPARED)).unwrap();
        let ours = Tokens::new(&file).unwrap();
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/demo");
        let mut paths = vec![demo.join("questions.jsonl"), demo.join("qa.json")];
        if let Some(sets) = folder("CHATAI_DATA_SETS") {
            let sets_with_texts = ["xquad_ru", "xquad_en", "cranfield", "med"];
            paths.extend(sets_with_texts.map(|set| sets.join(set).join("corpus.jsonl")));
            paths.push(sets.join("naughty-strings.json"));
        }
        let mut texts: Vec<String> = ODD.map(str::to_owned).to_vec();
        for path in paths {
            let text = std::fs::read_to_string(path).unwrap();
            texts.extend(text.lines().map(str::to_owned));
        }
        for text in &texts {
            let expected = theirs.encode(text.as_str(), true).unwrap();
            let found = ours.ids(&file, text, usize::MAX).unwrap();
            assert_eq!(found, expected.get_ids(), "{text:?}");
        }
        println!("{} texts with the same ids", texts.len());
    }
}
