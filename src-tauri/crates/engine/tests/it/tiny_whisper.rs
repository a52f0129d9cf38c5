//! The smallest Whisper there can be, of made-up weights: what it hears is nonsense, but it is heard by the same code,
//! and at once.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

const HIDDEN: usize = 32;
const BANDS: usize = 80;
const PLACES: usize = 1_500;
const LONGEST: usize = 32;
const VOCABULARY: usize = 160;

/// Writes its three files into `folder`.
pub fn write(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let config = json!({
        "model_type": "whisper", "activation_function": "gelu", "d_model": HIDDEN,
        "encoder_layers": 1, "encoder_attention_heads": 2, "encoder_ffn_dim": HIDDEN,
        "decoder_layers": 1, "decoder_attention_heads": 2, "decoder_ffn_dim": HIDDEN,
        "num_mel_bins": BANDS, "max_source_positions": PLACES, "max_target_positions": LONGEST,
        "vocab_size": VOCABULARY, "suppress_tokens": [], "begin_suppress_tokens": [100],
    });
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let words: Map<String, Value> = (0..100u32)
        .map(|id| (format!("w{id}"), json!(id)))
        .collect();
    let special = [
        "<|endoftext|>",
        "<|startoftranscript|>",
        "<|en|>",
        "<|ru|>",
        "<|transcribe|>",
        "<|nospeech|>",
        "<|notimestamps|>",
    ];
    let added = (100u32..).zip(special);
    let added: Vec<Value> = added
        .map(|(id, content)| json!({"id": id, "content": content}))
        .collect();
    let tokenizer = json!({"added_tokens": added, "model": {"vocab": words}});
    fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    fs::write(folder.join("model.safetensors"), weights()).unwrap();
}

fn weights() -> Vec<u8> {
    let mut tensors: Vec<(String, Vec<usize>)> = Vec::new();
    let mut pair = |name: &str, rows: usize, columns: &[usize]| {
        let shape = [&[rows], columns].concat();
        tensors.push((format!("model.{name}.weight"), shape));
        tensors.push((format!("model.{name}.bias"), vec![rows]));
    };
    pair("encoder.conv1", HIDDEN, &[BANDS, 3]);
    pair("encoder.conv2", HIDDEN, &[HIDDEN, 3]);
    for half in ["encoder", "decoder"] {
        pair(&format!("{half}.layer_norm"), HIDDEN, &[]);
        let attentions: &[&str] = match half {
            "encoder" => &["self_attn"],
            _ => &["self_attn", "encoder_attn"],
        };
        for attention in attentions {
            let name = format!("{half}.layers.0.{attention}");
            pair(&format!("{name}_layer_norm"), HIDDEN, &[]);
            for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                pair(&format!("{name}.{part}"), HIDDEN, &[HIDDEN]);
            }
        }
        for part in ["fc1", "fc2"] {
            pair(&format!("{half}.layers.0.{part}"), HIDDEN, &[HIDDEN]);
        }
        pair(&format!("{half}.layers.0.final_layer_norm"), HIDDEN, &[]);
    }
    for (name, rows) in [
        ("encoder.embed_positions", PLACES),
        ("decoder.embed_positions", LONGEST),
        ("decoder.embed_tokens", VOCABULARY),
    ] {
        tensors.push((format!("model.{name}.weight"), vec![rows, HIDDEN]));
    }
    let mut header = Map::new();
    let mut numbers: Vec<u8> = Vec::new();
    let mut state = 1u32;
    for (name, shape) in tensors {
        let start = numbers.len();
        for _ in 0..shape.iter().product() {
            // Numerical Recipes' generator: the same numbers on every computer.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = (state >> 8) as f32 / (1 << 24) as f32 - 0.5;
            numbers.extend(number.to_le_bytes());
        }
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
