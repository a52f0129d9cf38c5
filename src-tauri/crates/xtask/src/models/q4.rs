//! Reads a file of 4-bit BERT weights with a Unigram tokenizer inside, and writes what a publisher would
//! give: config.json, tokenizer.json, model.safetensors (f16).
//!
//! The file: 8 bytes of magic; sizes; the vocabulary (offsets, scores, text); the character map; a
//! directory of tensors. Weights are Q4_0: blocks of 32, an f16 scale and 16 bytes of two nibbles.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use half::f16;
use serde_json::{Value, json};

use super::charsmap::{Replacements, charsmap};
use super::tensors::Tensors;

/// Converts the file into three files in `into`.
pub(super) fn convert(bytes: &[u8], into: &Path) -> Result<(), String> {
    let file = Q4::read(bytes).ok_or("the file of weights is cut off")?;
    let write = |name: &str, value: &Value| {
        let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
        fs::write(into.join(name), text).map_err(|error| error.to_string())
    };
    write("config.json", &file.config())?;
    write("tokenizer.json", &file.tokenizer())?;
    let weights = file
        .safetensors()
        .ok_or("the file of weights lacks a part")?;
    fs::write(into.join("model.safetensors"), weights).map_err(|error| error.to_string())
}

struct Q4<'a> {
    bytes: &'a [u8],
    hidden: usize,
    layers: usize,
    heads: usize,
    wide: usize,
    vocabulary: usize,
    positions: usize,
    types: usize,
    begin: i32,
    end: i32,
    padding: i32,
    unknown: i32,
    pieces: Vec<(String, f32)>,
    map: Replacements,
    /// Where each tensor begins.
    tensors: HashMap<String, usize>,
}

impl<'a> Q4<'a> {
    fn read(bytes: &'a [u8]) -> Option<Q4<'a>> {
        let mut at = Cursor { bytes, at: 8 };
        let sizes = [(); 7].map(|()| at.number());
        let [hidden, layers, heads, wide, vocabulary, positions, types] = sizes;
        at.skip(8); // epsilon and block size, the same in every such file
        let count = at.number()? as usize;
        let [begin, end, padding, unknown] = [(); 4].map(|()| at.number());
        let text_length = at.number()? as usize;
        at.skip(4); // the upper half of that length
        let offsets: Vec<usize> = (0..=count)
            .map(|_| at.number().map(|x| x as usize))
            .collect::<Option<_>>()?;
        let scores: Vec<f32> = (0..count)
            .map(|_| at.number().map(|bits| f32::from_bits(bits as u32)))
            .collect::<Option<_>>()?;
        let text = at.take(text_length)?;
        let mut pieces = Vec::with_capacity(count);
        for (range, score) in offsets.windows(2).zip(scores) {
            let piece = std::str::from_utf8(text.get(range[0]..range[1])?).ok()?;
            pieces.push((piece.to_owned(), score));
        }
        let map = read_map(&mut at)?;
        let mut tensors = HashMap::new();
        for _ in 0..at.number()? {
            let length = u16::from_le_bytes(*at.take(2)?.first_chunk::<2>()?);
            let name = String::from_utf8(at.take(usize::from(length))?.to_vec()).ok()?;
            at.skip(5); // kind and count, which follow from the name
            let begins = u64::from_le_bytes(*at.take(8)?.first_chunk::<8>()?);
            at.skip(8);
            tensors.insert(name, begins as usize);
        }
        Some(Q4 {
            bytes,
            hidden: hidden? as usize,
            layers: layers? as usize,
            heads: heads? as usize,
            wide: wide? as usize,
            vocabulary: vocabulary? as usize,
            positions: positions? as usize,
            types: types? as usize,
            begin: begin?,
            end: end?,
            padding: padding?,
            unknown: unknown?,
            pieces,
            map,
            tensors,
        })
    }

    fn config(&self) -> Value {
        json!({
            "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
            "hidden_size": self.hidden, "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads, "intermediate_size": self.wide,
            "vocab_size": self.vocabulary, "max_position_embeddings": self.positions,
            "type_vocab_size": self.types, "layer_norm_eps": 1e-12, "pad_token_id": self.padding,
        })
    }

    fn tokenizer(&self) -> Value {
        let special = [
            (self.begin, "<s>"),
            (self.padding, "<pad>"),
            (self.end, "</s>"),
            (self.unknown, "<unk>"),
        ];
        let added = special.map(|(id, content)| {
            json!({ "id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true })
        });
        let token = |content: &str| json!({ "SpecialToken": { "id": content, "type_id": 0 } });
        let sequence = |name: &str| json!({ "Sequence": { "id": name, "type_id": 0 } });
        let marks = json!({
            "<s>": { "id": "<s>", "ids": [self.begin], "tokens": ["<s>"] },
            "</s>": { "id": "</s>", "ids": [self.end], "tokens": ["</s>"] },
        });
        let vocab: Vec<Value> = self
            .pieces
            .iter()
            .map(|(piece, score)| json!([piece, f64::from(*score)]))
            .collect();
        let map = base64::engine::general_purpose::STANDARD.encode(charsmap(&self.map));
        let metaspace = json!({ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true });
        json!({
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
            "normalizer": { "type": "Precompiled", "precompiled_charsmap": map },
            "pre_tokenizer": { "type": "Sequence", "pretokenizers": [{ "type": "WhitespaceSplit" }, metaspace] },
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [token("<s>"), sequence("A"), token("</s>")],
                "pair": [token("<s>"), sequence("A"), token("</s>"), token("</s>"), sequence("B"), token("</s>")],
                "special_tokens": marks,
            },
            "decoder": metaspace,
            "model": { "type": "Unigram", "unk_id": self.unknown, "vocab": vocab, "byte_fallback": false },
        })
    }

    /// Header and data of a safetensors file.
    fn safetensors(&self) -> Option<Vec<u8>> {
        let (hidden, wide) = (self.hidden, self.wide);
        let mut out = Tensors::default();
        out.add(
            "embeddings.word_embeddings.weight",
            &[self.vocabulary, hidden],
            self.blocks("emb.word", self.vocabulary * hidden)?,
        );
        for (to, from, rows) in [
            ("position_embeddings", "emb.pos", self.positions),
            ("token_type_embeddings", "emb.type", self.types),
        ] {
            let numbers = self.floats(from, rows * hidden)?;
            out.add(&format!("embeddings.{to}.weight"), &[rows, hidden], numbers);
        }
        out.add(
            "embeddings.LayerNorm.weight",
            &[hidden],
            self.floats("emb.ln.w", hidden)?,
        );
        out.add(
            "embeddings.LayerNorm.bias",
            &[hidden],
            self.floats("emb.ln.b", hidden)?,
        );
        for layer in 0..self.layers {
            for (from, to, rows, columns) in [
                ("q", "attention.self.query", hidden, hidden),
                ("k", "attention.self.key", hidden, hidden),
                ("v", "attention.self.value", hidden, hidden),
                ("ao", "attention.output.dense", hidden, hidden),
                ("fi", "intermediate.dense", wide, hidden),
                ("fo", "output.dense", hidden, wide),
            ] {
                let name = format!("encoder.layer.{layer}.{to}");
                let weights = self.blocks(&format!("l{layer}.{from}.w"), rows * columns)?;
                out.add(&format!("{name}.weight"), &[rows, columns], weights);
                out.add(
                    &format!("{name}.bias"),
                    &[rows],
                    self.floats(&format!("l{layer}.{from}.b"), rows)?,
                );
            }
            for (from, to) in [
                ("aln", "attention.output.LayerNorm"),
                ("oln", "output.LayerNorm"),
            ] {
                let name = format!("encoder.layer.{layer}.{to}");
                out.add(
                    &format!("{name}.weight"),
                    &[hidden],
                    self.floats(&format!("l{layer}.{from}.w"), hidden)?,
                );
                out.add(
                    &format!("{name}.bias"),
                    &[hidden],
                    self.floats(&format!("l{layer}.{from}.b"), hidden)?,
                );
            }
        }
        out.finish()
    }

    fn floats(&self, name: &str, count: usize) -> Option<Vec<f16>> {
        let start = *self.tensors.get(name)?;
        let bytes = self.bytes.get(start..start + count * 4)?;
        let (numbers, _) = bytes.as_chunks::<4>();
        Some(
            numbers
                .iter()
                .map(|x| f16::from_f32(f32::from_le_bytes(*x)))
                .collect(),
        )
    }

    fn blocks(&self, name: &str, count: usize) -> Option<Vec<f16>> {
        let start = *self.tensors.get(name)?;
        let bytes = self.bytes.get(start..start + count / 32 * 18)?;
        let mut numbers = Vec::with_capacity(count);
        for block in bytes.chunks_exact(18) {
            let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
            let low = block[2..].iter().map(|byte| byte & 15);
            let high = block[2..].iter().map(|byte| byte >> 4);
            for nibble in low.chain(high) {
                numbers.push(f16::from_f32((f32::from(nibble) - 8.0) * scale));
            }
        }
        Some(numbers)
    }
}

fn read_map(at: &mut Cursor<'_>) -> Option<Replacements> {
    let mut map = Replacements::new();
    let entries = at.number()?;
    at.skip(4); // how many bytes follow
    for _ in 0..entries {
        let from = char::from_u32(at.number()? as u32);
        let count = at.take(1)?[0];
        let mut to = String::new();
        for _ in 0..count {
            to.push(char::from_u32(at.number()? as u32)?);
        }
        // A zero byte ends a text in this layout, so it cannot be mapped.
        if let Some(from) = from.filter(|from| *from != '\0') {
            map.insert(from, to);
        }
    }
    Some(map)
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at + count)?;
        self.at += count;
        Some(taken)
    }

    fn skip(&mut self, count: usize) {
        self.at += count;
    }

    fn number(&mut self) -> Option<i32> {
        Some(i32::from_le_bytes(*self.take(4)?.first_chunk::<4>()?))
    }
}
