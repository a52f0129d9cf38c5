//! The smallest reranker there can be, of made-up weights: its order is nonsense, but it is computed by the same code,
//! and at once. It reads Latin letters, each of which is a token.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// Width of a token.
pub const HIDDEN: usize = 32;
/// Heads of its one layer.
pub const HEADS: usize = 2;
/// Tokens of question and passage together.
pub const POSITIONS: usize = 128;
const VOCABULARY: usize = 4 + 2 * 26;

/// A tensor: name, shape and numbers.
pub type Tensor = (String, Vec<usize>, Vec<f32>);

/// Writes its three files into `folder`.
pub fn write(folder: &Path) {
    write_with(folder, weights());
}

/// The same with other weights.
pub fn write_with(folder: &Path, weights: Vec<Tensor>) {
    fs::create_dir_all(folder).unwrap();
    let config = json!({
        "model_type": "bert", "hidden_act": "gelu", "hidden_size": HIDDEN, "num_hidden_layers": 1,
        "num_attention_heads": HEADS, "intermediate_size": HIDDEN, "vocab_size": VOCABULARY,
        "max_position_embeddings": POSITIONS, "layer_norm_eps": 1e-12,
    });
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(str::to_owned);
    let letters = ('a'..='z').map(String::from);
    let inner = ('a'..='z').map(|letter| format!("##{letter}"));
    let vocabulary = marks.iter().cloned().chain(letters).chain(inner);
    let vocabulary = (0..).zip(vocabulary).map(|(id, token)| (token, json!(id)));
    let vocabulary: Map<String, Value> = vocabulary.collect();
    let added = (0..).zip(&marks).map(|(id, content)| {
        json!({
            "id": id, "content": content, "special": true, "normalized": false,
            "single_word": false, "lstrip": false, "rstrip": false,
        })
    });
    let mark = |id: &str, kind: u32| json!({"SpecialToken": {"id": id, "type_id": kind}});
    let text = |id: &str, kind: u32| json!({"Sequence": {"id": id, "type_id": kind}});
    let whole = |id: u32, mark: &str| json!({"id": mark, "ids": [id], "tokens": [mark]});
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": added.collect::<Vec<Value>>(),
        "normalizer": {
            "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": null, "lowercase": true,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [mark("[CLS]", 0), text("A", 0), mark("[SEP]", 0)],
            "pair": [
                mark("[CLS]", 0), text("A", 0), mark("[SEP]", 0), text("B", 1), mark("[SEP]", 1),
            ],
            "special_tokens": {"[CLS]": whole(2, "[CLS]"), "[SEP]": whole(3, "[SEP]")},
        },
        "decoder": null,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary,
        },
    });
    fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    fs::write(folder.join("model.safetensors"), file(weights)).unwrap();
}

/// Its weights: the same on every computer.
pub fn weights() -> Vec<Tensor> {
    let mut shapes: Vec<(String, Vec<usize>)> = Vec::new();
    let mut pair = |name: &str, rows: usize, columns: &[usize]| {
        shapes.push((format!("{name}.weight"), [&[rows], columns].concat()));
        shapes.push((format!("{name}.bias"), vec![rows]));
    };
    let layer = "bert.encoder.layer.0";
    for part in ["query", "key", "value"] {
        pair(&format!("{layer}.attention.self.{part}"), HIDDEN, &[HIDDEN]);
    }
    for part in ["attention.output", "intermediate", "output"] {
        pair(&format!("{layer}.{part}.dense"), HIDDEN, &[HIDDEN]);
    }
    for part in ["attention.output", "output"] {
        pair(&format!("{layer}.{part}.LayerNorm"), HIDDEN, &[]);
    }
    pair("bert.embeddings.LayerNorm", HIDDEN, &[]);
    pair("bert.pooler.dense", HIDDEN, &[HIDDEN]);
    pair("classifier", 1, &[HIDDEN]);
    for (name, rows) in [
        ("word", VOCABULARY),
        ("position", POSITIONS),
        ("token_type", 2),
    ] {
        let name = format!("bert.embeddings.{name}_embeddings.weight");
        shapes.push((name, vec![rows, HIDDEN]));
    }
    let mut state = 1u32;
    let tensors = shapes.into_iter().map(|(name, shape)| {
        let count = shape.iter().product();
        let numbers = (0..count).map(|at| {
            // Numerical Recipes' generator. Signed bytes over 256, the largest one in each block: kept in blocks of
            // bytes they stay what they are.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match at % 32 {
                0 => 127.0 / 256.0,
                _ => ((state >> 8) % 255) as f32 / 256.0 - 127.0 / 256.0,
            }
        });
        let numbers = numbers.collect();
        (name, shape, numbers)
    });
    tensors.collect()
}

fn file(weights: Vec<Tensor>) -> Vec<u8> {
    let mut header = Map::new();
    let mut numbers: Vec<u8> = Vec::new();
    for (name, shape, of_it) in weights {
        let start = numbers.len();
        numbers.extend(of_it.iter().flat_map(|number| number.to_le_bytes()));
        let tensor = json!({
            "dtype": "F32", "shape": shape, "data_offsets": [start, numbers.len()],
        });
        header.insert(name, tensor);
    }
    let header = Value::Object(header).to_string();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.bytes());
    file.extend(numbers);
    file
}
